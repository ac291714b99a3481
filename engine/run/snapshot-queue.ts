/** Queue of items pushed by one side and iterated by another, in order. A slow reader gets the last few only. */
export class SnapshotQueue<Item> implements AsyncIterable<Item> {
  readonly #waiting: Item[] = [];
  #wake: () => void = () => undefined;
  #closed = false;
  #error: unknown;

  /** Queue limit: with a slow reader the oldest items beyond it are dropped. */
  static readonly LONGEST = 10;

  push(item: Item): void {
    this.#waiting.push(item);
    if (this.#waiting.length > SnapshotQueue.LONGEST) this.#waiting.shift();
    this.#wake();
  }

  /** Closes the queue; the reader gets the waiting items, and then the error, if any. */
  close(error?: unknown): void {
    this.#closed = true;
    this.#error = error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Item> {
    while (true) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#closed) {
        if (this.#error !== undefined) throw this.#error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
