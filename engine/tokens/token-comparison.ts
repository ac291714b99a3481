/** Size of a text. Characters are Unicode code points. */
export interface TextSize {
  readonly texts: number;
  readonly characters: number;
  /** Chinese characters among them, punctuation included. */
  readonly chinese: number;
  /** Conversations without a human turn, which are not counted. */
  readonly leftOut?: number;
}

/** Tokens of a text, and of its parts, counted separately. */
interface TokenCounts {
  readonly all: number;
  readonly chinese: number;
  readonly other: number;
}

/** Result of one tokenizer. */
export interface TokenizerResult {
  readonly name: string;
  readonly path: string;
  readonly tokens: number;
  /** Warnings about parts that count otherwise; absent without any. */
  readonly doubts?: readonly string[];
  /** Characters per token; undefined without such text. */
  readonly charactersPerToken: number | undefined;
  readonly chinesePerToken: number | undefined;
  readonly otherPerToken: number | undefined;
  /** Tokens relative to the first tokenizer's. */
  readonly ratio: number | undefined;
}

/** Comparison of several tokenizers on the same texts. */
export interface TokenComparison {
  readonly file: string;
  readonly size: TextSize;
  readonly results: readonly TokenizerResult[];
}

/** Tokenizer and its counts. */
export interface CountedBy {
  readonly name: string;
  readonly path: string;
  readonly counts: TokenCounts;
  readonly doubts?: readonly string[];
}

/** Compares counts of tokenizers; the first is the baseline. */
export function compareTokens(file: string, size: TextSize, counted: readonly CountedBy[]): TokenComparison {
  const first = counted[0]?.counts.all;
  const { characters, chinese } = size;
  return {
    file,
    size,
    results: counted.map(({ name, path, counts, doubts = [] }) => ({
      name,
      path,
      tokens: counts.all,
      ...(doubts.length > 0 && { doubts }),
      charactersPerToken: per(characters, counts.all),
      chinesePerToken: per(chinese, counts.chinese),
      otherPerToken: per(characters - chinese, counts.other),
      ratio: first === undefined ? undefined : per(counts.all, first),
    })),
  };
}

function per(amount: number, of: number): number | undefined {
  return of > 0 ? amount / of : undefined;
}
