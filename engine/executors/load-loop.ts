import type { Clock } from '../clock.js';
import { openTimers } from './timers.js';
import type { LoadRun, VuPool } from './vu-pool.js';

/** Base of open and closed loops: pause, end, drain and abort. */
export abstract class LoadLoop<AnyPool extends VuPool> implements LoadRun {
  /** Resolves when every iteration has ended. */
  readonly ended: Promise<void>;
  protected readonly clock: Clock;
  protected readonly pool: AnyPool;
  protected readonly timers;
  protected readonly startAt: number;
  protected draining = false;
  protected paused = false;
  readonly #gracefulStop: number;
  #finish: () => void = () => undefined;

  constructor(clock: Clock, startAt: number, gracefulStop: number, pool: AnyPool) {
    this.clock = clock;
    this.pool = pool;
    this.timers = openTimers(clock);
    this.startAt = startAt;
    this.#gracefulStop = gracefulStop;
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  abstract get active(): number;

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  drain(): void {
    if (this.draining) return;
    this.draining = true;
    this.stopStarting();
    if (this.active === 0) this.end();
    else this.timers.at(this.clock.now() + this.#gracefulStop, () => this.interruptAll());
  }

  abort(): void {
    this.draining = true;
    this.stopStarting();
    this.interruptAll();
    if (this.active === 0) this.end();
  }

  protected end(): void {
    this.timers.clear();
    this.#finish();
  }

  /** Called when no further iteration may start. */
  protected abstract stopStarting(): void;

  /** Interrupts every running iteration now. */
  protected abstract interruptAll(): void;
}
