import type { Clock } from '../../engine/clock.js';

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Clock that stands still until it is advanced. */
export class FakeClock implements Clock {
  /** Number of calls that yielded to other work. */
  breaths = 0;
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(now = 0) {
    this.#now = now;
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, wake: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  breathe(): Promise<void> {
    this.breaths += 1;
    return new Promise((resolve) => setImmediate(resolve));
  }

  /**
   * Advances time by `ms` milliseconds. Every due timer fires at its own instant, in order, and promises settle in
   * between.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#next(); next && next.at <= until; next = this.#next()) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settle();
    }
    this.#now = until;
  }

  /** Jumps ahead like a blocked thread. Timers that fell due meanwhile fire late, all at one instant. */
  async stall(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  /** Next timer due; of several, the one that was set first. */
  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (!first || timer.at < first.at) first = timer;
    return first;
  }
}

/** Lets all promises settle, and yielding code continue. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
