import type { Histogram } from '../metrics/histogram.js';

/** Records the gaps between tokens of one request live. A read is recorded once the next one has come. */
export class LiveGaps {
  readonly #gaps: Histogram;
  #firstAt: number | undefined;
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
    }
    if (at === this.#firstAt) return;
    if (at !== this.#at) this.close();
    this.#at = at;
    this.#tokens += tokens;
  }

  /** Records the latest read. */
  close(): void {
    if (this.#tokens === 0) return;
    this.#gaps.record((this.#at - this.#before) / this.#tokens, this.#tokens);
    this.#before = this.#at;
    this.#tokens = 0;
  }
}
