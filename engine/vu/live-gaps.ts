import { HELD_BACK } from '../client/request-figures.js';
import type { Histogram } from '../metrics/histogram.js';

/** Records the gaps between tokens of one request live. A read is recorded once the next one has come. */
export class LiveGaps {
  readonly #gaps: Histogram;
  #firstAt: number | undefined;
  /** Number of events of the first read, and its later tokens. */
  #firstEvents = 0;
  #early = 0;
  /** Latest read, and its tokens so far. */
  #at = 0;
  #tokens = 0;
  /** Latest read before it with a token. */
  #before = 0;

  constructor(gaps: Histogram) {
    this.#gaps = gaps;
  }

  /** Adds an event and its tokens to the read at this instant. */
  record(at: number, tokens: number): void {
    if (this.#firstAt === undefined) {
      this.#firstAt = at;
      this.#before = at;
      this.#at = at;
      this.#firstEvents = 1;
      return;
    }
    if (at === this.#firstAt) {
      this.#firstEvents += 1;
      this.#early += tokens;
      return;
    }
    if (at !== this.#at) this.close();
    this.#at = at;
    this.#tokens += tokens;
  }

  /** Records the latest read. */
  close(): void {
    if (this.#tokens === 0) return;
    // Tokens of a few events pass on to the next read; more of them were held back.
    const tokens = this.#tokens + (this.#firstEvents < HELD_BACK ? this.#early : 0);
    this.#gaps.record((this.#at - this.#before) / tokens, tokens);
    this.#early = 0;
    this.#before = this.#at;
    this.#tokens = 0;
  }
}
