import type { MessagePort } from 'node:worker_threads';
import { type Clock, sleep } from '../clock.js';

/** Answers to be counted, each in parts that are counted by themselves: its text, its reasoning. */
export type CountOrder = readonly (readonly string[])[];

/** The way from one worker to the process that counts, and back. */
export interface CounterWay {
  readonly port: MessagePort;
  /** Int32: how many answers have been counted so far, and the tokens of the last `RING` of them, in turn. */
  readonly results: SharedArrayBuffer;
}

/** So many answers of a worker may be waiting. */
export const RING = 8192;

/** Memory for the results of one worker. */
export function newResults(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (1 + RING));
}

/** Where the tokens of the n-th answer stand, from 0. */
export function placeOf(answer: number): number {
  return 1 + (answer % RING);
}

/** So many answers are sent together, and so many results are taken at a time: neither is to keep a thread for long. */
const BATCH = 8;

/**
 * Characters that may be waiting to be counted, of all workers together: what comes beyond them is not counted, so that
 * a slow tokenizer costs exactness and neither memory nor load. They are counted in a few seconds.
 */
const MOST_UNDERWAY = 2 ** 20;

/** So long is waited for the last of them, and looked so often, in milliseconds. */
const PATIENCE = 10_000;
const LOOK = 5;

/** Told of the tokens of an answer; undefined where they could not be counted. */
export type OnCounted = (tokens: number | undefined) => void;

/**
 * Has answers of one worker counted in the process that has the tokenizer, in the order in which they come. What comes
 * back is taken when there is time for it, from memory that the main thread writes to: it wakes nobody.
 */
export class Counting {
  readonly #port: MessagePort;
  readonly #results: Int32Array;
  readonly #most: number;
  readonly #waiting: { readonly characters: number; readonly done: OnCounted }[] = [];
  #batch: (readonly string[])[] = [];
  #underway = 0;
  #taken = 0;
  #lost = false;

  constructor({ port, results }: CounterWay, workers: number) {
    this.#port = port;
    this.#results = new Int32Array(results);
    this.#most = MOST_UNDERWAY / workers;
    port.on('close', () => this.giveUp());
  }

  /** Has an answer counted, unless too many are waiting. `done` is told once, perhaps before this returns. */
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

  /** Sends what has gathered, and takes what has been counted. */
  flush(): void {
    this.#collect(RING);
    this.#send();
  }

  /** Waits for what is being counted, but not for long; nothing is counted after that. */
  async finish(clock: Clock): Promise<void> {
    this.flush();
    const until = clock.now() + PATIENCE;
    while (this.#waiting.length > 0 && clock.now() < until) {
      await sleep(clock, LOOK);
      this.#collect(RING);
    }
    this.giveUp();
  }

  /** Nothing more is counted, and nothing that is waiting will be. */
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
