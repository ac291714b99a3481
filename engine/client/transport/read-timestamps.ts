import type { Clock } from '../../clock.js';

/** Instants of a socket's reads, taken before the bytes are parsed. */
export class ReadTimestamps {
  /** Latest read; 0 before the first. */
  at = 0;
  /** First read since `expectFirst`; 0 without one. */
  firstAt = 0;
  /** Updates `at` where reads are recorded later than they happen. */
  refresh: () => void = () => undefined;
  readonly #clock: Clock;
  #isFirst = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records a read, by default now. */
  record(at = this.#clock.now()): number {
    this.at = at;
    if (this.#isFirst) {
      this.firstAt = at;
      this.#isFirst = false;
    }
    return at;
  }

  /** Resets `firstAt` for a new response. */
  expectFirst(): void {
    this.firstAt = 0;
    this.#isFirst = true;
  }
}
