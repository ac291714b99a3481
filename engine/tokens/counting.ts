import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../clock.js';

/** Answers to be counted, each in parts that are counted by themselves: its text, its reasoning. */
export type CountOrder = readonly (readonly string[])[];

/** Tokens of each answer of an order. */
export type CountResult = readonly number[];

/** So many answers are sent together: what is done when they come back is not to keep a thread for long. */
const BATCH = 8;

/**
 * Characters that may be waiting to be counted, of all workers together: what comes beyond them is not counted, so that
 * a slow tokenizer costs exactness and neither memory nor load. They are counted in a few seconds.
 */
const MOST_UNDERWAY = 2 ** 20;

/** So long is waited for the last of them, in milliseconds. */
const PATIENCE = 10_000;

/** Told of the tokens of an answer; undefined where they could not be counted. */
export type OnCounted = (tokens: number | undefined) => void;

/** Has answers of one worker counted in the thread that has the tokenizer, in the order in which they come. */
export class Counting {
  readonly #port: MessagePort;
  readonly #most: number;
  readonly #waiting: { readonly characters: number; readonly done: OnCounted }[] = [];
  #batch: (readonly string[])[] = [];
  #underway = 0;
  #lost = false;
  #onIdle: () => void = () => undefined;

  constructor(port: MessagePort, workers: number) {
    this.#port = port;
    this.#most = MOST_UNDERWAY / workers;
    port.on('message', (counts: CountResult) => {
      for (const tokens of counts) this.#settle(tokens);
    });
    port.on('close', () => this.giveUp());
  }

  /** Has an answer counted, unless too many are waiting. `done` is told once, perhaps before this returns. */
  count(parts: readonly string[], done: OnCounted): void {
    const characters = parts.reduce((sum, { length }) => sum + length, 0);
    if (this.#lost || this.#underway + characters > this.#most) {
      done(undefined);
      return;
    }
    this.#underway += characters;
    this.#waiting.push({ characters, done });
    this.#batch.push(parts);
    if (this.#batch.length >= BATCH) this.flush();
  }

  /** Sends what has gathered. */
  flush(): void {
    if (this.#batch.length === 0) return;
    this.#port.postMessage(this.#batch satisfies CountOrder);
    this.#batch = [];
  }

  /** Waits for what is being counted, but not for long; nothing is counted after that. */
  async finish(clock: Clock): Promise<void> {
    this.flush();
    if (this.#waiting.length > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(PATIENCE, resolve);
        this.#onIdle = () => {
          cancel();
          resolve();
        };
      });
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

  #settle(tokens: number | undefined): void {
    const next = this.#waiting.shift();
    if (!next) return;
    this.#underway -= next.characters;
    next.done(tokens);
    if (this.#waiting.length === 0) this.#onIdle();
  }
}
