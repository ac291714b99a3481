import { remainderOf, steadyWindow } from '../executors/steady-state.js';
import type { Window } from '../metrics/window.js';
import type { Plan, ScenarioPlan } from './plan.js';

/** A scenario that begins, so many milliseconds after the start of the load. */
export interface Start {
  readonly scenario: string;
  readonly startTime: number;
}

/** What has turned out otherwise than planned. */
export interface Revision {
  readonly starts: readonly Start[];
  readonly steady: Window;
}

/** A scenario that starts after another is told to so long before, in milliseconds: then all workers begin together. */
const AHEAD = 150;

/** When the scenarios of a run really start and end, and what follows for its steady state. Milliseconds since the start. */
export class Timeline {
  readonly #plan: Plan;
  readonly #workers: Set<number>;
  /** Workers in which a scenario is over. */
  readonly #over = new Map<string, Set<number>>();
  readonly #starts = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  #steady: Window;
  #pausedAt: number | undefined;
  /** The load is no longer the one that was planned. */
  #leftPlan = false;

  constructor(plan: Plan, workers: number) {
    this.#plan = plan;
    this.#workers = new Set(Array.from({ length: workers }, (_, worker) => worker));
    this.#steady = plan.steady;
    for (const { name, startTime, startAfter } of plan.scenarios) {
      this.#over.set(name, new Set());
      if (!startAfter) this.#starts.set(name, startTime);
    }
  }

  /** The steady state as far as it is known. */
  get steady(): Window {
    return this.#steady;
  }

  /** Whether the load was changed by hand in or before its steady state. */
  get leftPlan(): boolean {
    return this.#leftPlan;
  }

  /** When the last scenario stops starting iterations, as far as that is known. */
  get duration(): number {
    return Math.max(...this.#placed().map(({ startTime, load }) => startTime + load.duration));
  }

  /** When a scenario has begun or will; undefined while it waits for another to end. */
  startOf(scenario: string): number | undefined {
    return this.#starts.get(scenario);
  }

  /** When all iterations of a scenario had ended in all workers; undefined before. */
  endOf(scenario: string): number | undefined {
    return this.#ends.get(scenario);
  }

  /** A scenario is over in a worker. */
  over(worker: number, scenario: string, now: number): Revision | undefined {
    this.#over.get(scenario)?.add(worker);
    return this.#revise(now);
  }

  /** A worker is gone, and everything is over in it. */
  lost(worker: number, now: number): Revision | undefined {
    this.#workers.delete(worker);
    return this.#revise(now);
  }

  /** No iteration starts until `resume`: a steady state that has begun ends. */
  pause(now: number): void {
    this.#pausedAt = now;
    if (now >= this.#steady.from) this.leavePlan(now);
  }

  /** One that would have begun meanwhile never does. */
  resume(now: number): void {
    if (this.#pausedAt !== undefined && now > this.#steady.from) this.leavePlan(this.#pausedAt);
    this.#pausedAt = undefined;
  }

  /** From now on the load is another than the one that was planned: there is no steady state any more. */
  leavePlan(now: number): void {
    const { from, to } = this.#steady;
    this.#leftPlan = true;
    this.#steady = { from, to: Math.max(from, Math.min(to, now)) };
  }

  /** The load is ended before its time. */
  stop(now: number): void {
    this.resume(now);
    this.#steady = { from: this.#steady.from, to: Math.min(this.#steady.to, now) };
  }

  /** Notes scenarios that have ended, and starts those that waited for them; undefined where there are none. */
  #revise(now: number): Revision | undefined {
    const ended = this.#plan.scenarios.filter(({ name }) => !this.#ends.has(name) && this.#isOver(name));
    if (ended.length === 0) return undefined;
    for (const { name } of ended) this.#ends.set(name, now);
    const starts = this.#plan.scenarios.flatMap(({ name, startAfter }) => {
      if (!startAfter || !ended.some((other) => other.name === startAfter.scenario)) return [];
      return [{ scenario: name, startTime: now + AHEAD + startAfter.pause }];
    });
    for (const { scenario, startTime } of starts) this.#starts.set(scenario, startTime);
    // With nothing left to come, the window ends with the run.
    if (this.#ends.size === this.#plan.scenarios.length) return undefined;
    if (!this.#leftPlan) this.#steady = this.#steadyFrom(now);
    return { starts, steady: this.#steady };
  }

  #steadyFrom(now: number): Window {
    return now < this.#steady.from
      ? steadyWindow(this.#placed(), this.#plan.warmup, now)
      : remainderOf(this.#steady, this.#placed());
  }

  #isOver(scenario: string): boolean {
    const over = this.#over.get(scenario);
    return [...this.#workers].every((worker) => over?.has(worker));
  }

  /** The loads as they are now known to lie: those that have ended early are cut. */
  #placed(): Pick<ScenarioPlan, 'startTime' | 'load'>[] {
    return this.#plan.scenarios.map(({ name, startTime: latest, load }) => {
      const startTime = this.#starts.get(name) ?? latest;
      const lasted = (this.#ends.get(name) ?? Number.POSITIVE_INFINITY) - startTime;
      return { startTime, load: { ...load, duration: Math.max(0, Math.min(load.duration, lasted)) } };
    });
  }
}
