import { configError, messageOf } from '../errors.js';
import { lazily } from '../lazy-require.js';
import { readTokenizerFile } from './tokenizer-file.js';
import { doubtsOf, portable } from './tokenizer-parts.js';

const library = lazily<typeof import('@huggingface/tokenizers')>('@huggingface/tokenizers');

/** Tokenizer of a model. Special tokens around a text are never added, so counts are of the text alone. */
export interface TextTokenizer {
  /** Path of its `tokenizer.json`. */
  readonly path: string;
  /** Name in comparisons. */
  readonly name: string;
  /** Number of tokens of a text. */
  count(text: string): number;
  /** Token ids of a text. */
  encode(text: string): readonly number[];
  /** Text of each token, special ones excluded. A part of a character is shown as a replacement mark. */
  pieces(): readonly string[];
  /** Warnings about parts that count otherwise. */
  readonly doubts: readonly string[];
}

/**
 * Longest text tokenized at once, in characters. Longer ones are cut at the ends of lines: some tokenizers need a
 * thousand bytes of memory per character.
 */
const LONGEST = 2 ** 18;

/**
 * Opens the tokenizer of a model. The path is a `tokenizer.json` or the folder that holds it. Throws a UserError for a
 * missing or unsupported one.
 */
export function openTokenizer(path: string): TextTokenizer {
  const { path: file, name, definition, config } = readTokenizerFile(path);
  const tokenizer = open(file, portable(definition), { ...config, ...NOT_FAST });
  const model = definition.model as { readonly type?: unknown; readonly byte_fallback?: unknown };
  const inBytes = model.type === 'Unigram' && model.byte_fallback === true;
  const pieceOf = (token: string) => (tokenizer.token_to_id(token) === undefined ? bytesOf(token) : [token]);
  const known = (token: string) => {
    const pieces = pieceOf(token);
    return pieces.every((piece) => tokenizer.token_to_id(piece) !== undefined) ? pieces : [token];
  };
  const split = (text: string): readonly string[] => {
    const tokens = text === '' ? [] : tokenizer.tokenize(text);
    return inBytes ? tokens.flatMap(known) : tokens;
  };
  const idsOf = (text: string): readonly number[] => {
    if (text === '') return [];
    if (!inBytes) return tokenizer.encode(text, PLAIN).ids;
    return split(text).map((token) => tokenizer.token_to_id(token) ?? unknown);
  };
  const unknown = Number((model as { readonly unk_id?: unknown }).unk_id ?? 0);
  return {
    path: file,
    name,
    count: (text) => parts(text).reduce((sum, part) => sum + split(part).length, 0),
    encode: (text) => parts(text).flatMap(idsOf),
    doubts: doubtsOf(definition),
    pieces() {
      const special = tokenizer.get_added_tokens_decoder();
      const ids = [...tokenizer.get_vocab(false).values()].filter((id) => !special.has(id)).sort((a, b) => a - b);
      return ids.map((id) => tokenizer.decode([id], { clean_up_tokenization_spaces: false }));
    },
  };
}

/** Bytes of a text as tokens of their own. */
function bytesOf(text: string): readonly string[] {
  return Array.from(Buffer.from(text), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
}

/** Settings of slow tokenizers, which no server uses and the library would. */
const NOT_FAST = { remove_space: false, do_lowercase_and_remove_accent: false };

const PLAIN = { add_special_tokens: false };

function open(file: string, definition: object, config: object) {
  try {
    const { Tokenizer } = library();
    // The library requires every part, with null for missing ones.
    return new Tokenizer({ ...PARTS, ...definition }, config);
  } catch (error) {
    throw configError(
      file,
      `the tokenizer cannot be used: ${messageOf(error)}`,
      'docs/tokens.md says what is supported',
    );
  }
}

const PARTS = { decoder: null, post_processor: null, pre_tokenizer: null, normalizer: null, added_tokens: [] };

/** Splits a long text into parts. */
function parts(text: string): readonly string[] {
  if (text.length <= LONGEST) return [text];
  const found: string[] = [];
  let from = 0;
  while (text.length - from > LONGEST) {
    const line = text.lastIndexOf('\n', from + LONGEST) + 1;
    const to = line > from ? line : wholeCharacters(text, from + LONGEST);
    found.push(text.slice(from, to));
    from = to;
  }
  return [...found, text.slice(from)];
}

/** Offset near `at` that does not split a surrogate pair. */
function wholeCharacters(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
