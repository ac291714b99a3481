import { basename } from 'node:path';
import { combineSeeds, shuffled } from '../random.js';
import { type DrawCounts, newDrawCounts } from './draw-count.js';
import type { Rows, Wanted } from './rows.js';

/** Options of a data set. */
export interface DatasetOptions extends Wanted {
  /** Number of records to draw from, selected by the seed. */
  readonly sample?: number | undefined;
  /** Prepends a unique text to each prompt, against prefix caches. */
  readonly cacheSalt?: boolean | undefined;
  /** Path of the tokenizer that counts tokens; default: an estimate. */
  readonly tokenizer?: string | undefined;
}

/** Data set shared by all threads of a run. Plain data; its large parts are in shared memory. */
export interface SharedDataset {
  readonly key: string;
  readonly rows: Rows;
  /** Order in which records are drawn. */
  readonly order: Uint32Array;
  readonly counts: DrawCounts;
  readonly salted: boolean;
  /** Random number of the run. */
  readonly nonce: number;
}

/** Key of a data set: its file and options. */
export function keyOf(
  path: string,
  { format, encoding, filter, cacheSalt = false, tokenizer }: DatasetOptions,
): string {
  return JSON.stringify([path, format, encoding, filter?.minTokens, filter?.maxTokens, cacheSalt, tokenizer]);
}

/**
 * Prepares a data set for drawing, with zero counts. The seed includes the file's name, or two files of the same length
 * would be drawn in the same order, always in the same pairs.
 */
export function sharedDataset(key: string, rows: Rows, salted: boolean, seed: number): SharedDataset {
  const { length } = rows.starts;
  const order = new Uint32Array(new SharedArrayBuffer(4 * length));
  order.set(shuffled(length, combineSeeds(seed, basename(rows.path), length)));
  const nonce = Math.floor(Math.random() * 2 ** 32);
  return { key, rows, order, counts: newDrawCounts(length), salted, nonce };
}
