import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.js';

/** Kinds of tokenizers that models have. Small ones of our own, see tokenizers/make.py. */
export const KINDS = ['byte-level', 'sentence-piece', 'word-piece', 'unigram'] as const;

const FOLDER = join(ROOT, 'test/support/tokenizers');

/** Path of a tokenizer. */
export function tokenizerPath(kind: (typeof KINDS)[number]): string {
  return join(FOLDER, `${kind}.json`);
}

/** Sample texts, and their token ids by Hugging Face's own library. */
export const CORPUS = read<readonly string[]>('corpus.json');
export const GOLDEN = read<Readonly<Record<string, readonly (readonly number[])[]>>>('golden.json');

/** Tokenizer of single parts, with Hugging Face's token counts of some texts. */
interface Variant {
  readonly definition: object;
  readonly counts: readonly number[];
}

/** Texts, and tokenizers of all parts that models have: see tokenizers/variants.py. */
export const VARIANTS = read<{
  readonly texts: readonly string[];
  readonly variants: Readonly<Record<string, Variant>>;
}>('variants.json');

function read<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Content;
}
