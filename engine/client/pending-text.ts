import type { Exchange } from './exchange.js';

/** Initial buffer in bytes, enough for some hundred tokens. */
const FIRST_SIZE = 1024;

/**
 * Buffer of text pieces as UTF-8, decoded only when read. A string for each piece would be most of a stream's garbage,
 * and its collection blocks the thread while tokens come.
 */
export class PendingText {
  #bytes: Buffer | undefined;
  #length = 0;

  /** Appends the bytes from `from` to `to`. Copies in a loop, since few bytes cost less than a native call. */
  add(bytes: Buffer, from: number, to: number): void {
    const end = this.#length + to - from;
    const room = this.#bytes && this.#bytes.length >= end ? this.#bytes : this.#grow(end);
    for (let at = from, into = this.#length; at < to; at += 1, into += 1) room[into] = bytes[at] as number;
    this.#length = end;
  }

  /** Appends all buffered text to an answer. */
  moveTo(answer: Pick<Exchange, 'text' | 'reasoning' | 'recognized'>): void {
    if (answer.recognized === 'reasoning') answer.reasoning += this.take();
    else answer.text += this.take();
  }

  /** Decodes and removes all buffered text. */
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
