import type { Clock } from '../../clock.js';
import type { Reads } from './read-timestamps.js';

/**
 * Notices when nothing is heard for too long. One timer, which is set again when it finds that something was heard: a
 * timer for each token would cost more than the token.
 */
export class Silence {
  readonly #clock: Clock;
  readonly #reads: Reads;
  readonly #onTooLong: () => void;
  readonly #since: number;
  #limit: number;
  #cancel: () => void = () => undefined;

  /** Reads are what is listened for. `limit` in milliseconds; 0 is patience without end. */
  constructor(clock: Clock, reads: Reads, limit: number, onTooLong: () => void) {
    this.#clock = clock;
    this.#reads = reads;
    this.#limit = limit;
    this.#onTooLong = onTooLong;
    this.#since = clock.now();
    this.#wait();
  }

  /** From now on the limit is this. */
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
    const left = Math.max(this.#since, this.#reads.at) + this.#limit - this.#clock.now();
    if (left > 0) this.#cancel = this.#clock.after(left, () => this.#wait());
    else this.#onTooLong();
  }
}
