/** Longest overload of a worker, in milliseconds. Unbroken, at above 80 and 95 % utilization. */
export interface Overload {
  readonly above80: number;
  readonly above95: number;
}

/** Stretches of overload of each worker. */
export class OverloadWatch {
  readonly #workers = new Map<number, { now80: number; now95: number }>();
  #above80 = 0;
  #above95 = 0;

  /** Enters a worker's utilization over `length` milliseconds. */
  enter(worker: number, utilization: number, length: number): void {
    const { now80, now95 } = this.#workers.get(worker) ?? { now80: 0, now95: 0 };
    const now = { now80: utilization > 0.8 ? now80 + length : 0, now95: utilization > 0.95 ? now95 + length : 0 };
    this.#workers.set(worker, now);
    this.add({ above80: now.now80, above95: now.now95 });
  }

  /** Adds overload known from elsewhere. */
  add({ above80, above95 }: Overload): void {
    this.#above80 = Math.max(this.#above80, above80);
    this.#above95 = Math.max(this.#above95, above95);
  }

  /** The worst of all workers. */
  get worst(): Overload {
    return { above80: this.#above80, above95: this.#above95 };
  }
}
