import type { Clock } from '../../clock.js';

/** When a connection's socket was read: one instant for each read, taken before anything is made of the bytes. */
export class Reads {
  /** The last one; 0 before the first. */
  at = 0;
  /** The first one since `expectFirst`; 0 where there was none. */
  firstAt = 0;
  readonly #clock: Clock;
  #isFirst = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The socket has just been read. */
  note(): number {
    const at = this.#clock.now();
    this.at = at;
    if (this.#isFirst) {
      this.firstAt = at;
      this.#isFirst = false;
    }
    return at;
  }

  /** The next read is the first of something new. */
  expectFirst(): void {
    this.firstAt = 0;
    this.#isFirst = true;
  }
}
