import type { Clock } from '../../engine/clock.js';
import { awaitedOthers, untilIdle } from './idle-process.js';

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Longest wait in virtual time, in milliseconds. */
const LONGEST = 3_600_000;

/** Longest wait for threads and the system, in milliseconds of real time. */
const LONGEST_STANDSTILL = 30_000;

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

  /** A virtual machine needs no time for its work. */
  worked(): number {
    return 0;
  }

  /**
   * Advances time by `ms` milliseconds. Every due timer fires at its own instant, in order, and promises settle in
   * between.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#next(); next && next.at <= until; next = this.#next()) {
      this.#fire(next);
      await settle();
    }
    this.#now = until;
  }

  /** Jumps ahead like a blocked thread. Timers that fell due meanwhile fire late, all at one instant. */
  async stall(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  /**
   * Lets time pass until a promise settles. It jumps to the next timer whenever this thread has nothing to do and waits
   * for no file, name or thread. Other processes are not waited for, nor are timers of Node.
   */
  async until<Result>(result: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    result.then(settle, settle);
    let moved = performance.now();
    for (const end = this.#now + LONGEST; this.#now < end; ) {
      await untilIdle(() => this.breaths);
      if (isSettled) return await result;
      const next = this.#next();
      const others = awaitedOthers();
      if (next && others.length === 0) {
        this.#fire(next);
        moved = performance.now();
      } else if (performance.now() - moved > LONGEST_STANDSTILL) {
        throw new Error(`time stood still for 30 s: ${this.#timers.size} timers, waiting for ${others}`);
      } else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error('nothing has come of it in an hour of virtual time');
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.wake();
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
