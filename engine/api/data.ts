import type { ChatMessage } from '../client/protocols/messages.js';
import { outside } from './outside.js';

/**
 * A data set of prompts. The number of an iteration decides which rows it draws, from an order that the seed decides: each
 * once before any comes again, whoever runs the iterations.
 */
export interface Dataset {
  /** How many rows there are. */
  readonly size: number;
  /** Draws the next row and gives it as messages. */
  next(): ChatMessage[];
  /** Draws the next row and gives it as it stands in the file. */
  row<Row = Readonly<Record<string, unknown>>>(): Row;
}

/**
 * Reads a data set of prompts, `.jsonl`, `.json`, `.csv`, `.tsv` or `.txt`, at the top of the file. The path is relative to
 * the scenario file.
 */
export function dataset(_path: string): Dataset {
  return outside('dataset');
}

/**
 * Opens a file at the top of the scenario file and gives its text, or its bytes with `'b'`. The path is relative to the
 * scenario file, also where another file of the scenario calls this. All users of a thread get the same bytes: do not
 * write to them. It can be used without importing it, as in k6.
 */
export function open(_path: string): string;
export function open(_path: string, _mode: 'b'): ArrayBuffer;
export function open(_path: string): never {
  return outside('open');
}

/** An array that all users of a thread share, to be read only. */
export type SharedArray<Row> = readonly Row[];

/**
 * Makes an array that all users of a thread share, at the top of the file: the first user of each thread calls the
 * function, the others get what it made, frozen to its depths. It has to make the same in every thread.
 *
 * ```ts
 * const users = new SharedArray('users', () => JSON.parse(open('./users.json')));
 * ```
 */
export const SharedArray: new <Row>(name: string, make: () => readonly Row[]) => SharedArray<Row> = class {
  constructor() {
    outside('SharedArray');
  }
} as never;
