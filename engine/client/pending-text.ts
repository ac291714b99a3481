/** Room for an answer of some hundred tokens. */
const FIRST_SIZE = 1024;

/**
 * Pieces of a text, as bytes, that nobody reads before they are all there. A string for each of them would be most of
 * what a stream leaves to the garbage collection, which keeps the thread while tokens come.
 */
export class PendingText {
  #bytes: Buffer | undefined;
  #length = 0;

  /** Adds the bytes from here to there, in UTF-8. They are few: a call of a native copy would cost more than they do. */
  add(bytes: Buffer, from: number, to: number): void {
    const end = this.#length + to - from;
    const room = this.#bytes && this.#bytes.length >= end ? this.#bytes : this.#grow(end);
    for (let at = from, into = this.#length; at < to; at += 1, into += 1) room[into] = bytes[at] as number;
    this.#length = end;
  }

  /** All that was added since it was last taken. */
  take(): string {
    if (this.#length === 0 || !this.#bytes) return '';
    const text = this.#bytes.toString('utf8', 0, this.#length);
    this.#length = 0;
    return text;
  }

  #grow(least: number): Buffer {
    const larger = Buffer.allocUnsafe(Math.max(FIRST_SIZE, 2 * least));
    this.#bytes?.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    return larger;
  }
}
