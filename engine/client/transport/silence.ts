import type { Clock } from '../../clock.js';

/**
 * Notices when nothing is heard for too long. One timer, which is set again when it finds that something was heard: a
 * timer for each token would cost more than the token.
 */
export class Silence {
  readonly #clock: Clock;
  readonly #onTooLong: () => void;
  #limit: number;
  #heardAt: number;
  #cancel: () => void = () => undefined;

  /** `limit` in milliseconds; 0 is patience without end. */
  constructor(clock: Clock, limit: number, onTooLong: () => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#onTooLong = onTooLong;
    this.#heardAt = clock.now();
    this.#wait();
  }

  /** Something was heard at this instant; from now on the limit is this. */
  isBroken(limit: number, at = this.#clock.now()): void {
    this.#heardAt = at;
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
    const left = this.#heardAt + this.#limit - this.#clock.now();
    if (left > 0) this.#cancel = this.#clock.after(left, () => this.#wait());
    else this.#onTooLong();
  }
}
