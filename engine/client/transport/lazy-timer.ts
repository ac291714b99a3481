import type { Clock } from '../../clock.js';

/** Receiver of a timer. */
export interface TimerTarget {
  onTime(): void;
}

/**
 * Timer that is set for each request and seldom fires. Setting it later, or stopping it, leaves the clock's timer as it
 * is; that one looks again when it fires.
 */
export class LazyTimer {
  readonly #clock: Clock;
  #target: TimerTarget | undefined;
  #dueAt = 0;
  #wakesAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `target` at an instant, in place of what was set before. */
  set(dueAt: number, target: TimerTarget): void {
    this.#dueAt = dueAt;
    this.#target = target;
    if (dueAt < this.#wakesAt) this.#wait();
  }

  stop(): void {
    this.#target = undefined;
  }

  /** Stops it, and leaves no timer of the clock behind. */
  close(): void {
    this.stop();
    this.#cancel();
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  #wait(): void {
    this.#cancel();
    this.#wakesAt = this.#dueAt;
    this.#cancel = this.#clock.after(this.#dueAt - this.#clock.now(), () => this.#wake());
  }

  #wake(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const target = this.#target;
    if (!target) return;
    if (this.#clock.now() < this.#dueAt) this.#wait();
    else {
      this.#target = undefined;
      target.onTime();
    }
  }
}
