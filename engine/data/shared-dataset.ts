import { basename } from 'node:path';
import { combineSeeds, shuffled } from '../random.js';
import { type DrawCounts, newDrawCounts } from './draw-count.js';
import type { Rows, Wanted } from './rows.js';

/** What a scenario may ask of a data set. */
export interface DatasetOptions extends Wanted {
  /** Draws from so many records only, which the seed chooses. */
  readonly sample?: number | undefined;
  /** Begins each prompt with a text of its own. */
  readonly cacheSalt?: boolean | undefined;
  /** Path of the tokenizer that counts tokens; default: they are estimated. */
  readonly tokenizer?: string | undefined;
}

/** A data set as all threads of a run have it. Plain data, of which everything large is shared. */
export interface SharedDataset {
  readonly key: string;
  readonly rows: Rows;
  /** In which order records are drawn. */
  readonly order: Uint32Array;
  readonly counts: DrawCounts;
  readonly salted: boolean;
  /** Drawn by lot for each run. */
  readonly nonce: number;
}

/** What tells data sets apart: the file, and which of its records are wanted. */
export function keyOf(path: string, { format, filter, cacheSalt = false, tokenizer }: DatasetOptions): string {
  return JSON.stringify([path, format, filter?.minTokens, filter?.maxTokens, cacheSalt, tokenizer]);
}

/**
 * A data set ready to be drawn from, with counts that begin at none. The name of the file is a part of the seed, or two
 * of the same length would be drawn in the same order, always the same pairs.
 */
export function sharedDataset(key: string, rows: Rows, salted: boolean, seed: number): SharedDataset {
  const { length } = rows.starts;
  const order = new Uint32Array(new SharedArrayBuffer(4 * length));
  order.set(shuffled(length, combineSeeds(seed, basename(rows.path), length)));
  const nonce = Math.floor(Math.random() * 2 ** 32);
  return { key, rows, order, counts: newDrawCounts(length), salted, nonce };
}
