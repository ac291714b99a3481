/** Queue filled by one side and iterated by another, in order. */
export class AsyncQueue<Item> implements AsyncIterable<Item> {
  readonly #waiting: Item[] = [];
  #wake: () => void = () => undefined;
  #closed = false;
  #error: unknown;

  /** `longest`: with a slow reader the oldest items beyond it are dropped. */
  constructor(readonly longest = Number.POSITIVE_INFINITY) {}

  push(item: Item): void {
    this.#waiting.push(item);
    if (this.#waiting.length > this.longest) this.#waiting.shift();
    this.#wake();
  }

  /** Removes all waiting items. */
  takeAll(): Item[] {
    return this.#waiting.splice(0);
  }

  /** Closes the queue. The reader gets the waiting items, and then the error, if any. */
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
