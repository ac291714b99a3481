import type { TextTokenizer } from './tokenizer.js';

/** Words of one token each, at a text's start and after spaces. That holds in any combination. */
export interface PlainWords {
  readonly words: readonly string[];
  /** Token of each word at a text's start, and after a space. */
  readonly firstIds: readonly number[];
  readonly laterIds: readonly number[];
}

const WORD = /^[a-z]{3,12}$/;

/** Most words. More would not make prompts more distinct, and take longer to find. */
const MOST = 2048;

/** Words joined for a check that tokens add up. */
const ROW = 64;

/**
 * Finds words of which any n, joined by spaces, are n tokens. Each is tried alone and after itself, and all of them
 * together in rows. In most vocabularies the low numbers are the common words.
 */
export function plainWords(tokenizer: TextTokenizer): PlainWords {
  const words: string[] = [];
  const tried = new Set<string>();
  for (const piece of tokenizer.pieces()) {
    const word = piece.trim();
    if (!WORD.test(word) || tried.has(word)) continue;
    tried.add(word);
    if (tokenizer.count(`${word} ${word}`) === 2) words.push(word);
    if (words.length === MOST) break;
  }
  const sound = rows(words).filter((row) => tokenizer.count(row.join(' ')) === row.length);
  const kept = sound.flat();
  const pairs = kept.map((word) => tokenizer.encode(`${word} ${word}`));
  return { words: kept, firstIds: pairs.map(([id = 0]) => id), laterIds: pairs.map(([, id = 0]) => id) };
}

function rows(words: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(words.length / ROW) }, (_, row) => words.slice(row * ROW, (row + 1) * ROW));
}
