/** How much text there is. Characters are Unicode's code points. */
export interface TextSize {
  readonly texts: number;
  readonly characters: number;
  /** Those of them that are Chinese, punctuation included. */
  readonly chinese: number;
}

/** Tokens of a text, and those of its parts, each taken apart from the rest. */
interface TokenCounts {
  readonly all: number;
  readonly chinese: number;
  readonly other: number;
}

/** What one tokenizer makes of the texts. */
export interface TokenizerResult {
  readonly name: string;
  readonly path: string;
  readonly tokens: number;
  /** Characters for each token; undefined where there is no such text. */
  readonly charactersPerToken: number | undefined;
  readonly chinesePerToken: number | undefined;
  readonly otherPerToken: number | undefined;
  /** Tokens for each of the first tokenizer's. */
  readonly ratio: number | undefined;
}

/** The same texts as tokens of several models. */
export interface TokenComparison {
  readonly file: string;
  readonly size: TextSize;
  readonly results: readonly TokenizerResult[];
}

/** A tokenizer and what it has counted. */
export interface CountedBy {
  readonly name: string;
  readonly path: string;
  readonly counts: TokenCounts;
}

/** Sets what tokenizers have counted side by side; the first is what the others are held against. */
export function compareTokens(file: string, size: TextSize, counted: readonly CountedBy[]): TokenComparison {
  const first = counted[0]?.counts.all;
  const { characters, chinese } = size;
  return {
    file,
    size,
    results: counted.map(({ name, path, counts }) => ({
      name,
      path,
      tokens: counts.all,
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
