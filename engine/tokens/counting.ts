import type { MessagePort } from 'node:worker_threads';
import { type Clock, sleep } from '../clock.js';

/** Answers to count, each in parts counted separately: reasoning and text. */
export type CountOrder = readonly (readonly string[])[];

/** Channel between one worker and the counter process. */
export interface CounterChannel {
  readonly port: MessagePort;
  /** Int32: number of counted answers, then a ring of their tokens. */
  readonly results: SharedArrayBuffer;
}

/** Most answers of a worker in flight. */
export const RING = 8192;

/** Creates the results memory of one worker. */
export function newResults(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (1 + RING));
}

/** Index of the n-th answer's tokens, n from 0. */
export function placeOf(answer: number): number {
  return 1 + (answer % RING);
}

/** Answers per message, and results per read. Small, so that neither blocks a thread for long. */
const BATCH = 8;

/**
 * Most characters in flight, of all workers together. Answers beyond it are not counted, so that a slow tokenizer costs
 * exactness and neither memory nor load. That many take a few seconds.
 */
const MOST_UNDERWAY = 2 ** 20;

/** Polling interval for the last results, in milliseconds. */
const LOOK = 5;

/** Callback with the tokens of an answer. Undefined where they could not be counted. */
export type OnCounted = (tokens: number | undefined) => void;

/**
 * Token counting for one worker, in order, by the counter process. Results are read when there is time, from memory
 * that the main thread writes to: no message wakes the worker.
 */
export class TokenCounting {
  readonly #port: MessagePort;
  readonly #results: Int32Array;
  readonly #most: number;
  readonly #waiting: { readonly characters: number; readonly done: OnCounted }[] = [];
  #batch: (readonly string[])[] = [];
  #underway = 0;
  #taken = 0;
  #lost = false;

  constructor({ port, results }: CounterChannel, workers: number) {
    this.#port = port;
    this.#results = new Int32Array(results);
    this.#most = MOST_UNDERWAY / workers;
    port.on('close', () => this.giveUp());
  }

  /** Counts an answer, unless too many are in flight. Calls `done` once, possibly before it returns. */
  count(parts: readonly string[], done: OnCounted): void {
    this.#collect(BATCH);
    const characters = parts.reduce((sum, { length }) => sum + length, 0);
    if (this.#lost || this.#waiting.length >= RING || this.#underway + characters > this.#most) {
      done(undefined);
      return;
    }
    this.#underway += characters;
    this.#waiting.push({ characters, done });
    this.#batch.push(parts);
    if (this.#batch.length >= BATCH) this.#send();
  }

  /** Sends buffered answers and reads the results. */
  flush(): void {
    this.#collect(RING);
    this.#send();
  }

  /** Waits for answers in flight, at most `longest` milliseconds. No more are counted after that. */
  async finish(clock: Clock, longest: number): Promise<void> {
    this.flush();
    const until = clock.now() + longest;
    while (this.#waiting.length > 0 && clock.now() < until) {
      await sleep(clock, LOOK);
      this.#collect(RING);
    }
    this.giveUp();
  }

  /** Ends counting; answers in flight remain uncounted. */
  giveUp(): void {
    this.#lost = true;
    while (this.#waiting.length > 0) this.#settle(undefined);
  }

  close(): void {
    this.#port.close();
  }

  #send(): void {
    if (this.#batch.length === 0) return;
    this.#port.postMessage(this.#batch satisfies CountOrder);
    this.#batch = [];
  }

  #collect(most: number): void {
    if (this.#lost) return;
    // Both counts wrap around alike, so their difference is right in a run of any length.
    const ready = (Atomics.load(this.#results, 0) - this.#taken) | 0;
    for (let answer = 0; answer < Math.min(ready, most); answer += 1) {
      this.#settle(this.#results[placeOf(this.#taken >>> 0)]);
      this.#taken = (this.#taken + 1) | 0;
    }
  }

  #settle(tokens: number | undefined): void {
    const next = this.#waiting.shift();
    if (!next) return;
    this.#underway -= next.characters;
    next.done(tokens);
  }
}
