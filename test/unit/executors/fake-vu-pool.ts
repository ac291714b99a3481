import type { Clock } from '../../../engine/clock.js';
import type { ClosedLoad } from '../../../engine/executors/load.js';
import type { OpenVuPool } from '../../../engine/executors/vu-pool.js';

/** An iteration by a user of the pool, ended or still running. */
export interface Worked {
  readonly vu: number;
  readonly iteration: number;
  readonly dueAt: number | undefined;
  readonly from: number;
  /** Undefined while it runs. */
  to: number | undefined;
  interrupted: boolean;
}

/** Users whose iterations only take time, on record. */
export class FakeVuPool implements OpenVuPool {
  readonly worked: Worked[] = [];
  /** Due times of iterations that will never start. */
  readonly dropped: number[] = [];
  /** Users made during the load. `makingTakes` is the time for one in milliseconds. */
  readonly made: number[] = [];
  makingTakes = 0;
  /** Number of warnings about too few users. */
  warnings = 0;
  readonly #clock: Clock;
  readonly #lengthOf: (vu: number) => number;
  readonly #running = new Map<number, (interrupted: boolean) => void>();

  /** `length` is an iteration's milliseconds, for all users or by user. With 0 it returns at once. */
  constructor(clock: Clock, length: number | ((vu: number) => number)) {
    this.#clock = clock;
    this.#lengthOf = typeof length === 'number' ? () => length : length;
  }

  /** The users that are in an iteration now, in order. */
  get active(): number[] {
    return [...this.#running.keys()].sort((a, b) => a - b);
  }

  get iterations(): number[] {
    return this.worked.map(({ iteration }) => iteration).sort((a, b) => a - b);
  }

  iterate(vu: number, iteration: number, dueAt: number | undefined): Promise<void> {
    if (this.#running.has(vu)) throw new Error(`user ${vu} is already in an iteration`);
    const work: Worked = { vu, iteration, dueAt, from: this.#clock.now(), to: undefined, interrupted: false };
    this.worked.push(work);
    const length = this.#lengthOf(vu);
    if (length === 0) {
      work.to = work.from;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const finish = (interrupted: boolean) => {
        cancel();
        work.to = this.#clock.now();
        work.interrupted = interrupted;
        this.#running.delete(vu);
        resolve();
      };
      const cancel = this.#clock.after(length, () => finish(false));
      this.#running.set(vu, finish);
    });
  }

  drop(count: number, dueAt: number): void {
    for (let i = 0; i < count; i += 1) this.dropped.push(dueAt);
  }

  make(vu: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.#clock.after(this.makingTakes, () => {
        this.made.push(vu);
        resolve(true);
      });
    });
  }

  exhausted(): void {
    this.warnings += 1;
  }

  interrupt(vu: number): void {
    this.#running.get(vu)?.(true);
  }
}

/** A closed load, by default of two users for ten seconds. */
export function loadOf(given: Partial<ClosedLoad> = {}): ClosedLoad {
  const maxVus = given.maxVus ?? 2;
  return {
    kind: 'closed',
    steps: [{ at: 0, vus: maxVus }],
    maxVus,
    duration: 10_000,
    gracefulStop: 30_000,
    gracefulRampDown: 30_000,
    ...given,
  };
}

/** All of the load: one worker's share when there is only one. */
export const ALONE = { index: 0, count: 1 } as const;
