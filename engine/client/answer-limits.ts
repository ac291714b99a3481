import type { Clock } from '../clock.js';
import type { Failure } from './exchange.js';
import type { Timeouts } from './request-context.js';
import { IdleTimeout } from './transport/idle-timeout.js';
import type { ReadTimestamps } from './transport/read-timestamps.js';

/** Longest answer accepted, in decompressed bytes. Embeddings of long lists take tens of megabytes. */
const LONGEST_ANSWER = 256 * 1024 * 1024;

/** Settings that limit an answer. */
interface Bounds {
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly longest?: number | undefined;
}

/** Limits of an answer's time and length. Time counts in all, to the first token, and between reads. */
export class AnswerLimits {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #longest: number;
  readonly #onExceeded: (failure: Failure) => void;
  readonly #cancelTotal: () => void;
  #cancelFirst: () => void = () => undefined;
  #silence: IdleTimeout | undefined;
  #length = 0;

  /** Starts the limits of a request sent at `sentAt`. `onExceeded` gets the failure. */
  constructor(
    { clock, timeouts, longest = LONGEST_ANSWER }: Bounds,
    sentAt: number,
    onExceeded: (failure: Failure) => void,
  ) {
    const { total, firstToken = total } = timeouts;
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#longest = longest;
    this.#onExceeded = onExceeded;
    const after = (limit: number, what: string) => {
      const message = `${what} after ${limit / 1000} s`;
      return clock.after(sentAt + limit - clock.now(), () => onExceeded({ kind: 'timeout', message }));
    };
    this.#cancelTotal = after(total, 'no end');
    if (firstToken < total) this.#cancelFirst = after(firstToken, 'no token');
  }

  /** Limits the time between reads from now on. */
  noteFirstToken(reads: ReadTimestamps): void {
    this.#cancelFirst();
    this.#silence ??= new IdleTimeout(this.#clock, reads, this.#timeouts.idle, () =>
      this.#onExceeded({ kind: 'timeout', message: 'the stream stalled' }),
    );
  }

  /** Adds decompressed bytes to the answer's length. */
  addBytes(count: number): void {
    this.#length += count;
    if (this.#length <= this.#longest) return;
    this.#onExceeded({ kind: 'malformed', message: `the answer is longer than ${this.#longest / 2 ** 20} MiB` });
  }

  end(): void {
    this.#cancelTotal();
    this.#cancelFirst();
    this.#silence?.end();
  }
}
