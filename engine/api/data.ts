import type { ChatMessage } from '../client/protocols/chat-messages.js';
import { outside } from './outside.js';

/** Options of a data set. */
export interface DatasetOptions {
  /**
   * Format of the file or of its records. Of the file: `csv`, `tsv` or `text` (a prompt per line). Of its records:
   * `openai` (`messages`, also in the `body` of a line for its batches), `vllm` (`prompt` and `output_tokens`),
   * `alpaca` (`instruction`, `input`, `output`) or `sharegpt` (`conversations`). A record of another form is an error
   * before the load, with its line. Default: detected for the file, and for each record.
   */
  readonly format?: 'openai' | 'vllm' | 'alpaca' | 'sharegpt' | 'csv' | 'tsv' | 'text';
  /**
   * Encoding of the file. One of the WHATWG's names: `gb18030`, `big5`, `shift_jis`, `windows-1252`, `utf-16le`, ….
   * Default: UTF-8; other bytes are an error.
   */
  readonly encoding?: string;
  /** Number of rows to draw from, selected by the seed. Each is drawn once before any repeats. */
  readonly sample?: number;
  /** Drops rows with a shorter or longer prompt, in tokens. */
  readonly filter?: { readonly minTokens?: number; readonly maxTokens?: number };
  /**
   * Prepends 14 unique letters and digits to each prompt. They are on their own line, in prompts of `next()` and
   * `draw()`, so that no prompt hits a server's prefix cache. They differ between runs, even with the same seed.
   */
  readonly cacheSalt?: boolean;
  /**
   * Path of the model's `tokenizer.json` or its folder. Relative to the scenario file. Counts prompts for `filter`, and
   * answers for `maxTokens`. Default: both are estimated, at 0.7 tokens for each CJK character and 0.25 for any other.
   */
  readonly tokenizer?: string;
}

/** Request fields of one row, to pass to `chat`. Such as `chat({ ...prompts.draw(), temperature: 0 })`. */
export interface Draw {
  /** Messages of the row's prompt. */
  readonly messages: ChatMessage[];
  /** Length of the row's own answer, in tokens; undefined where unknown. */
  readonly maxTokens: number | undefined;
}

/** Recorded conversation, to be replayed. */
export interface Talk {
  /** System message; undefined without one. */
  readonly system: string | undefined;
  /** Messages of the person, in order. */
  readonly turns: string[];
}

/**
 * Data set of prompts. The number of an iteration selects its rows, from an order given by the seed: each once before
 * any repeats, on any number of workers.
 */
export interface Dataset {
  /** Number of rows. */
  readonly size: number;
  /** Draws the next row as messages. */
  next(): ChatMessage[];
  /** Draws the next row as messages, with its answer's length. */
  draw(): Draw;
  /** Draws the next row as the user's turns, for `conversation`. A row that is no conversation has one turn. */
  turns(): string[];
  /**
   * Draws the next row as its system message and its user turns. `system` is undefined without one:
   * `const { system, turns } = prompts.talk(); const talk = conversation({ system });`.
   */
  talk(): Talk;
  /** Draws the next row as it is in the file. */
  row<Row = Readonly<Record<string, unknown>>>(): Row;
}

/**
 * Opens a data set of prompts, in the init code. The file is JSON lines, a JSON array, CSV, TSV or plain text, gzipped
 * or not. The path is relative to the scenario file.
 *
 * ```ts
 * const prompts = dataset('./sharegpt.json', { sample: 500, filter: { maxTokens: 1024 } });
 * export default async function () {
 *   await chat(prompts.draw());
 * }
 * ```
 */
export function dataset(path: string, options?: DatasetOptions): Dataset {
  return outside('dataset', path, options);
}

/** Request of the trace that an executor `trace` replays. */
export interface TraceRow {
  /** Arrival in milliseconds since the trace's first request. Not scaled by `speed`. */
  readonly timestamp: number;
  /** Recorded length of the prompt, in tokens. */
  readonly inputTokens: number;
  /** Recorded length of the answer, in tokens. */
  readonly outputTokens: number;
  /** Hash of each block of 512 input tokens. Undefined where the trace has none. Equal ids are equal text. */
  readonly hashIds: readonly number[] | undefined;
  /**
   * Prompt of `inputTokens` tokens, generated on access. Its words are one token each for the `tokenizer` of the run
   * or, without one, in common vocabularies. Requests share prefixes as their `hashIds` do; without these, no two have
   * anything in common.
   */
  readonly prompt: string;
}

/**
 * Returns the trace request of this iteration.
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
 * Reads a file in the init code: text, or bytes with `'b'`. The path is relative to the scenario file, also in other
 * files of the scenario. All users of a thread get the same bytes: do not write to them. Available without an import,
 * as in k6.
 */
export function open(path: string): string;
export function open(path: string, mode: 'b'): ArrayBuffer;
export function open(path: string): never {
  return outside('open', path);
}

/** Read-only array shared by all users of a thread. */
export type SharedArray<Row> = readonly Row[];

/**
 * Creates a read-only array shared by all users of a thread. Call it in the init code. The first user of each thread
 * calls `make`, the others get its result, deeply frozen. It must return the same in every thread.
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
