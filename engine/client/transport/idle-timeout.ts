import type { Clock } from '../../clock.js';
import type { ReadTimestamps } from './read-timestamps.js';

/**
 * Timeout between reads of a socket. One timer, which restarts when it finds that there were reads: a timer for each
 * token would cost more than the token.
 */
export class IdleTimeout {
  readonly #clock: Clock;
  readonly #reads: ReadTimestamps;
  readonly #onTooLong: () => void;
  readonly #since: number;
  #limit: number;
  #cancel: () => void = () => undefined;

  /** Takes the limit in milliseconds, 0 for none. Calls `onTooLong` after that time without a read. */
  constructor(clock: Clock, reads: ReadTimestamps, limit: number, onTooLong: () => void) {
    this.#clock = clock;
    this.#reads = reads;
    this.#limit = limit;
    this.#onTooLong = onTooLong;
    this.#since = clock.now();
    this.#wait();
  }

  /** Changes the limit. */
  limit(limit: number): void {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#wait();
  }

  end(): void {
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    if (this.#limit === 0) return;
    this.#reads.refresh();
    const left = Math.max(this.#since, this.#reads.at) + this.#limit - this.#clock.now();
    if (left > 0) this.#cancel = this.#clock.after(left, () => this.#wait());
    else this.#onTooLong();
  }
}
