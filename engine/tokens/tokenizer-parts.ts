/** Part of a `tokenizer.json`: a normalizer or a pre-tokenizer. */
interface PartOf {
  readonly type?: unknown;
  readonly [field: string]: unknown;
}

/** Definition of a tokenizer, as in `tokenizer.json`. */
export type Definition = Readonly<Record<string, unknown>>;

/**
 * Rewrites parts that the library and its original read differently. The results are equal:
 * patterns with Unicode's classes for its ASCII ones, and single steps for what it does in UTF-16.
 */
export function portable(definition: Definition): Definition {
  const model = definition.model as PartOf;
  const { normalizer, pre_tokenizer: splitter } = definition as { normalizer?: PartOf; pre_tokenizer?: PartOf };
  return {
    ...definition,
    ...(isPart(normalizer) && { normalizer: normalizerOf(normalizer) }),
    ...(isPart(splitter) && { pre_tokenizer: splitterOf(splitter) }),
    model: model.type === 'WordPiece' ? { continuing_subword_prefix: '##', ...model } : model,
  };
}

function isPart(part: unknown): part is PartOf {
  return typeof part === 'object' && part !== null;
}

function partsIn(parts: unknown): readonly PartOf[] {
  return Array.isArray(parts) ? parts.filter(isPart) : [];
}

/** Characters of a word, as Rust's regular expressions have them. */
const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200C\\u200D';
const BLANK = '\\p{White_Space}';
const PUNCTUATION = '\\p{P}\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E';

/** Chinese characters beyond U+FFFF, which BERT's normalizer sets apart. */
const FAR_CHINESE = '[\\u{20000}-\\u{2A6DF}\\u{2A700}-\\u{2B81F}\\u{2B820}-\\u{2CEAF}\\u{2F800}-\\u{2FA1F}]';

/** Prevents JavaScript's special case of a sigma that ends a word. */
const SIGMA = { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' };

function normalizerOf(part: PartOf): PartOf {
  switch (part.type) {
    case 'Sequence':
      return { ...part, normalizers: partsIn(part.normalizers).map(normalizerOf) };
    case 'Strip': {
      const ends = [part.strip_left && `\\A${BLANK}+`, part.strip_right && `${BLANK}+\\z`].filter(Boolean).join('|');
      return ends === '' ? part : { type: 'Replace', pattern: { Regex: ends }, content: '' };
    }
    case 'Lowercase':
      return { type: 'Sequence', normalizers: [SIGMA, part] };
    case 'Replace':
      // A dollar is a reference there.
      return { ...part, content: String(part.content ?? '').replaceAll('$', '$$$$') };
    case 'BertNormalizer': {
      const apart = { type: 'Replace', pattern: { Regex: FAR_CHINESE }, content: ' $& ' };
      return {
        type: 'Sequence',
        normalizers: [
          ...(part.lowercase ? [SIGMA] : []),
          part,
          ...(part.handle_chinese_chars === false ? [] : [apart]),
        ],
      };
    }
    default:
      return part;
  }
}

function splitterOf(part: PartOf): PartOf {
  switch (part.type) {
    case 'Sequence':
      return { ...part, pretokenizers: partsIn(part.pretokenizers).map(splitterOf) };
    case 'Whitespace':
      return kept(`[${WORD}]+|[^${WORD}${BLANK}]+`);
    case 'WhitespaceSplit':
      return kept(`[^${BLANK}]+`);
    case 'BertPreTokenizer':
      return kept(`[^${BLANK}${PUNCTUATION}]+|[${PUNCTUATION}]`);
    case 'Punctuation':
      return split(`[${PUNCTUATION}]`, part.behavior ?? 'Isolated');
    case 'Digits':
      return split('\\p{N}', part.individual_digits ? 'Isolated' : 'Contiguous');
    case 'FixedLength':
      return kept(`[${BLANK}\\P{White_Space}]{1,${Number(part.length) || 1}}`);
    case 'Metaspace':
      return metaspaceOf(part);
    case 'Split':
      return splitOf(part);
    default:
      return part;
  }
}

/** Keeps the matches and drops the rest. */
function kept(pattern: string): PartOf {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Removed', invert: true };
}

/** Splits at single characters of a class. */
function split(one: string, behavior: unknown): PartOf {
  const patterns: Readonly<Record<string, string>> = {
    Contiguous: `${one}+`,
    // No match is as good as a cut.
    MergedWithPrevious: `(?<=${one})`,
    MergedWithNext: `(?=${one})`,
  };
  const pattern = patterns[String(behavior)] ?? one;
  return {
    type: 'Split',
    pattern: { Regex: pattern },
    behavior: behavior === 'Removed' ? 'Removed' : 'Isolated',
    invert: false,
  };
}

function metaspaceOf(part: PartOf): PartOf {
  const { replacement = '▁', split: cuts = true } = part;
  const scheme = part.prepend_scheme ?? (part.add_prefix_space === false ? 'never' : 'always');
  const plain = { ...part, prepend_scheme: scheme };
  return cuts
    ? { type: 'Sequence', pretokenizers: [plain, split(escaped(String(replacement)), 'MergedWithNext')] }
    : plain;
}

function splitOf(part: PartOf): PartOf {
  const { behavior, invert, pattern } = part;
  const text = isPart(pattern) && typeof pattern.String === 'string' ? pattern.String : undefined;
  // Matches and what is between them are kept alike, whichever is taken for the other.
  if (behavior === 'Isolated') return { ...part, invert: false };
  if (text === undefined || invert) return part;
  return split(`(?:${escaped(text)})`, behavior);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Warnings about parts that are not counted right for every text. */
export function doubtsOf(definition: Definition): readonly string[] {
  const normalizers = flat(definition.normalizer, 'normalizers');
  const splitters = flat(definition.pre_tokenizer, 'pretokenizers');
  const model = (isPart(definition.model) ? definition.model : {}) as PartOf;
  const merging = splitters.filter(({ type, behavior, invert, pattern }) => {
    const isText = isPart(pattern) && typeof pattern.String === 'string';
    return type === 'Split' && behavior !== 'Isolated' && (behavior === 'Removed' ? false : invert || !isText);
  });
  return [
    ...(normalizers.some(({ type }) => type === 'Precompiled')
      ? ['its normalizer "Precompiled" is taken for NFKC, which differs for rare characters']
      : []),
    ...merging.map(
      ({ behavior }) => `its pre-tokenizer "Split" merges matches (${JSON.stringify(behavior)}), which is not done`,
    ),
    ...(model.continuing_subword_prefix && model.type === 'BPE'
      ? ['its BPE has a prefix of parts of words, which is not read']
      : []),
    ...(model.type === 'BPE' && !model.byte_fallback && ![...normalizers, ...splitters].some(isInBytes)
      ? ['its BPE knows no bytes: characters beyond its vocabulary may count otherwise']
      : []),
    ...(model.dropout ? ['its BPE drops merges by lot'] : []),
    ...(partsIn(definition.added_tokens).some(({ single_word: single }) => single === true)
      ? ['it has added tokens for single words, which are found inside of words too']
      : []),
  ];
}

/** A warning about a tokenizer's file. */
export function doubtOf(path: string, doubt: string): string {
  return `${path}: ${doubt}; docs/tokens.md says what is exact`;
}

function isInBytes({ type }: PartOf): boolean {
  return type === 'ByteLevel';
}

function flat(part: unknown, inside: string): readonly PartOf[] {
  if (!isPart(part)) return [];
  return part.type === 'Sequence' ? partsIn(part[inside]).flatMap((each) => flat(each, inside)) : [part];
}
