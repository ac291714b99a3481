import { messageOf } from '../errors.js';
import { lazily } from '../lazy-require.js';
import { readTokenizerFile, refuse } from './tokenizer-file.js';

const library = lazily<typeof import('@huggingface/tokenizers')>('@huggingface/tokenizers');

/** A model's tokenizer. Special tokens that a model puts around a text are never added, so counts are of the text alone. */
export interface TextTokenizer {
  /** Path of its `tokenizer.json`. */
  readonly path: string;
  /** What it is called where several are compared. */
  readonly name: string;
  /** How many tokens a text is. */
  count(text: string): number;
  /** Ids of a text's tokens. */
  encode(text: string): readonly number[];
  /** The text of every token that is not a special one. Of one that is a part of a character it is a mark for that. */
  pieces(): readonly string[];
}

/**
 * A text of more characters is read in pieces of so many, cut at the ends of lines: some tokenizers need a thousand
 * bytes for each character of what they read at once.
 */
const LONGEST = 2 ** 18;

/**
 * Opens the tokenizer that a served model has, from its `tokenizer.json` or the folder that holds it. Throws a UserError
 * where there is none, or where it is of a kind that is not known.
 */
export function openTokenizer(path: string): TextTokenizer {
  const { path: file, name, definition, config } = readTokenizerFile(path);
  const tokenizer = open(file, definition, config);
  const split = (text: string) => (text === '' ? [] : tokenizer.tokenize(text));
  return {
    path: file,
    name,
    count: (text) => parts(text).reduce((sum, part) => sum + split(part).length, 0),
    encode: (text) => parts(text).flatMap((part) => (part === '' ? [] : tokenizer.encode(part, PLAIN).ids)),
    pieces() {
      const special = tokenizer.get_added_tokens_decoder();
      const ids = [...tokenizer.get_vocab(false).values()].filter((id) => !special.has(id)).sort((a, b) => a - b);
      return ids.map((id) => tokenizer.decode([id], { clean_up_tokenization_spaces: false }));
    },
  };
}

const PLAIN = { add_special_tokens: false };

function open(file: string, definition: object, config: object) {
  try {
    const { Tokenizer } = library();
    // The library wants every part named, and takes those that are not there as null.
    return new Tokenizer({ ...PARTS, ...definition }, config);
  } catch (error) {
    throw refuse(file, `the tokenizer cannot be used: ${messageOf(error)}`, 'docs/tokens.md says what is supported');
  }
}

const PARTS = { decoder: null, post_processor: null, pre_tokenizer: null, normalizer: null, added_tokens: [] };

/** A text as one part where it is short. */
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

/** Where to cut near `at`, for a character beyond U+FFFF is two of a string's. */
function wholeCharacters(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
