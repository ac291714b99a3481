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
  /**
   * Draws the next row and gives what the human says in it, turn by turn, to be said again: see `conversation`. Of a
   * row that is no conversation it is the one prompt.
   */
  turns(): string[];
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

/** A request of the trace that a scenario of the executor `trace` plays. */
export interface TraceRow {
  /** When it came, in milliseconds since the trace's first request: its own time, whatever the `speed`. */
  readonly timestamp: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What each block of 512 tokens of its input is known by, where the trace tells: equal ids are equal text. */
  readonly hashIds: readonly number[] | undefined;
  /**
   * A text of about `inputTokens` tokens, made when it is read: of words that are one token each in the vocabularies of
   * the usual models. Requests share their beginnings as their `hashIds` do; without these, no two have anything in common.
   */
  readonly prompt: string;
}

/**
 * The request of the trace that this iteration plays.
 *
 * ```ts
 * const { prompt, outputTokens } = traceRow();
 * await chat({ messages: prompt, maxTokens: outputTokens, extraBody: { ignore_eos: true } });
 * ```
 */
export function traceRow(): TraceRow {
  return outside('traceRow');
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
