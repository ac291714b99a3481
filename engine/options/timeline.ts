import { remainderOf, steadyWindow } from '../executors/steady-state.js';
import type { Window } from '../metrics/window.js';
import type { Plan, ScenarioPlan } from './plan.js';

/** Start of a scenario, in milliseconds after the start of the load. */
interface Start {
  readonly scenario: string;
  readonly startTime: number;
}

/** Change from the plan. */
export interface Revision {
  readonly starts: readonly Start[];
  readonly steady: Window;
}

/** Lead time of a dependent scenario's start message, in milliseconds. It lets all workers begin together. */
const AHEAD = 150;

/** Actual start and end times of scenarios, and the resulting steady state. Milliseconds since the start. */
export class Timeline {
  readonly #plan: Plan;
  readonly #workers: Set<number>;
  /** Workers that have finished a scenario. */
  readonly #over = new Map<string, Set<number>>();
  readonly #starts = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  #steady: Window;
  #pausedAt: number | undefined;
  /** True once the load differs from the plan. */
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

  /** Steady state as far as it is known. */
  get steady(): Window {
    return this.#steady;
  }

  /** True where the load was changed manually before its steady state ended. */
  get leftPlan(): boolean {
    return this.#leftPlan;
  }

  /** End of the last scenario's iteration starts, as far as known. */
  get duration(): number {
    return Math.max(...this.#placed().map(({ startTime, load }) => startTime + load.duration));
  }

  /** Actual or expected start of a scenario. Undefined while it waits for another to end. */
  startOf(scenario: string): number | undefined {
    return this.#starts.get(scenario);
  }

  /** Time at which a scenario had ended in all workers; undefined before. */
  endOf(scenario: string): number | undefined {
    return this.#ends.get(scenario);
  }

  /** Records the end of a scenario in a worker. */
  over(worker: number, scenario: string, now: number): Revision | undefined {
    this.#over.get(scenario)?.add(worker);
    return this.#revise(now);
  }

  /** Records the loss of a worker, which ends everything in it. */
  lost(worker: number, now: number): Revision | undefined {
    this.#workers.delete(worker);
    return this.#revise(now);
  }

  /** Records a pause, which ends a steady state that has begun. No iteration starts until `resume`. */
  pause(now: number): void {
    this.#pausedAt = now;
    if (now >= this.#steady.from) this.leavePlan(now);
  }

  /** Records the end of a pause. A steady state that would have begun meanwhile never does. */
  resume(now: number): void {
    if (this.#pausedAt !== undefined && now > this.#steady.from) this.leavePlan(this.#pausedAt);
    this.#pausedAt = undefined;
  }

  /** Records a change from the plan, which ends the steady state. */
  leavePlan(now: number): void {
    const { from, to } = this.#steady;
    this.#leftPlan = true;
    this.#steady = { from, to: Math.max(from, Math.min(to, now)) };
  }

  /** Begins a steady state that has not begun, and returns the revision. Undefined where it has. */
  beginSteady(now: number): Revision | undefined {
    if (now >= this.#steady.from) return undefined;
    this.#leftPlan = false;
    this.#steady = { from: now + AHEAD, to: Math.max(now + AHEAD, this.duration) };
    return { starts: [], steady: this.#steady };
  }

  /** Records an early end of the load. */
  stop(now: number): void {
    this.resume(now);
    this.#steady = { from: this.#steady.from, to: Math.min(this.#steady.to, now) };
  }

  /** Records ended scenarios and starts their followers. Undefined without any. */
  #revise(now: number): Revision | undefined {
    const ended = this.#plan.scenarios.filter(({ name }) => !this.#ends.has(name) && this.#isOver(name));
    if (ended.length === 0) return undefined;
    for (const { name } of ended) this.#ends.set(name, now);
    const starts = this.#plan.scenarios.flatMap(({ name, startAfter }) => {
      if (!startAfter || !ended.some((other) => other.name === startAfter.scenario)) return [];
      return [{ scenario: name, startTime: now + AHEAD + startAfter.pause }];
    });
    for (const { scenario, startTime } of starts) this.#starts.set(scenario, startTime);
    // After the last scenario the steady state ends with the run.
    if (this.#ends.size === this.#plan.scenarios.length) return undefined;
    if (!this.#leftPlan) this.#steady = this.#steadyFrom(now);
    return { starts, steady: this.#steady };
  }

  #steadyFrom(now: number): Window {
    return now < this.#steady.from
      ? steadyWindow(this.#placed(), this.#plan.options.warmup, now)
      : remainderOf(this.#steady, this.#placed());
  }

  #isOver(scenario: string): boolean {
    const over = this.#over.get(scenario);
    return [...this.#workers].every((worker) => over?.has(worker));
  }

  /** Loads at their known times; those that ended early are cut. */
  #placed(): Pick<ScenarioPlan, 'startTime' | 'load'>[] {
    return this.#plan.scenarios.map(({ name, startTime: latest, load }) => {
      const startTime = this.#starts.get(name) ?? latest;
      const lasted = (this.#ends.get(name) ?? Number.POSITIVE_INFINITY) - startTime;
      return { startTime, load: { ...load, duration: Math.max(0, Math.min(load.duration, lasted)) } };
    });
  }
}
