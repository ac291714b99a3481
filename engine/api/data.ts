import type { ChatMessage } from '../client/protocols/chat-messages.js';
import { outside } from './outside.js';

/** What may be asked of a data set. */
export interface DatasetOptions {
  /**
   * How its file is to be read: `csv`, `tsv` or `text` (a prompt in each line), or what its records look like: `openai`
   * (`messages`, also in the `body` of a line for its batches), `vllm` (`prompt` and `output_tokens`), `alpaca`
   * (`instruction`, `input`, `output`) or `sharegpt` (`conversations`). A record that does not is told with its line before
   * any load. Default: found out from the file, and each record is taken as what it looks like.
   */
  readonly format?: 'openai' | 'vllm' | 'alpaca' | 'sharegpt' | 'csv' | 'tsv' | 'text';
  /** Draws from so many rows only, which the seed chooses, each once before any comes again. */
  readonly sample?: number;
  /** Leaves out rows whose prompt is shorter or longer, in tokens. */
  readonly filter?: { readonly minTokens?: number; readonly maxTokens?: number };
  /**
   * Begins each prompt that `next()` and `draw()` give with 14 letters and digits that no other draw has, on a line of
   * their own, so that a server's prefix cache knows none of them. Also a second run with the same seed has others.
   */
  readonly cacheSalt?: boolean;
  /**
   * The `tokenizer.json` of the model, or its folder, from the scenario file: counts prompts for `filter`, and answers for
   * `maxTokens`. Default: both are estimated, at 0.7 tokens for each CJK character and a quarter for any other.
   */
  readonly tokenizer?: string;
}

/** What one row asks. It can be given to `chat` as it is, alone or with more: `chat({ ...prompts.draw(), temperature: 0 })`. */
export interface Draw {
  readonly messages: ChatMessage[];
  /** As many tokens as the row's own answer has; undefined where it knows none. */
  readonly maxTokens: number | undefined;
}

/**
 * A data set of prompts. The number of an iteration decides which rows it draws, from an order that the seed decides: each
 * once before any comes again, whoever runs the iterations.
 */
export interface Dataset {
  /** How many rows there are to draw. */
  readonly size: number;
  /** Draws the next row and gives it as messages. */
  next(): ChatMessage[];
  /** Draws the next row and gives its messages with the length of its answer. */
  draw(): Draw;
  /**
   * Draws the next row and gives what the human says in it, turn by turn, to be said again: see `conversation`. Of a
   * row that is no conversation it is the one prompt.
   */
  turns(): string[];
  /** Draws the next row and gives it as it stands in the file. */
  row<Row = Readonly<Record<string, unknown>>>(): Row;
}

/**
 * Opens a data set of prompts at the top of the file: JSON lines, a JSON array, CSV, TSV or plain text, packed by gzip or
 * not. The path is relative to the scenario file.
 *
 * ```ts
 * const prompts = dataset('./sharegpt.json', { sample: 500, filter: { maxTokens: 1024 } });
 * export default async function () {
 *   await chat(prompts.draw());
 * }
 * ```
 */
export function dataset(_path: string, _options?: DatasetOptions): Dataset {
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
   * A text of `inputTokens` tokens, made when it is read: of words that are one token each for the `tokenizer` of the
   * run or, without one, in the vocabularies of the usual models. Requests share their beginnings as their `hashIds` do; without these, no two have anything in common.
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
