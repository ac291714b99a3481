import type { Clock } from '../clock.js';
import { openAlarms } from './timers.js';
import type { Crew, LoadRun } from './vu-pool.js';

/** Base of open and closed loops: pause, end, drain and abort. */
export abstract class LoadLoop<AnyCrew extends Crew> implements LoadRun {
  /** Resolves when every iteration has ended. */
  readonly ended: Promise<void>;
  protected readonly clock: Clock;
  protected readonly crew: AnyCrew;
  protected readonly alarms;
  protected readonly startAt: number;
  protected draining = false;
  protected paused = false;
  readonly #gracefulStop: number;
  #finish: () => void = () => undefined;

  constructor(clock: Clock, startAt: number, gracefulStop: number, crew: AnyCrew) {
    this.clock = clock;
    this.crew = crew;
    this.alarms = openAlarms(clock);
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
    else this.alarms.at(this.clock.now() + this.#gracefulStop, () => this.interruptAll());
  }

  abort(): void {
    this.draining = true;
    this.stopStarting();
    this.interruptAll();
    if (this.active === 0) this.end();
  }

  protected end(): void {
    this.alarms.clear();
    this.#finish();
  }

  /** Called when no further iteration may start. */
  protected abstract stopStarting(): void;

  /** Interrupts every running iteration now. */
  protected abstract interruptAll(): void;
}
