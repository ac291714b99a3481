import { totalOf } from '../executors/share.js';
import type { OperatorAction } from '../metrics/snapshot.js';
import type { Plan } from '../options/plan.js';
import type { Revision, Timeline } from '../options/timeline.js';
import type { Command } from '../workers/messages.js';

/** Merge window for changes to one scenario's VUs, in milliseconds. They count as one action. */
const ONE_ACTION = 1000;

/** Parts of a run that its live control changes. */
interface Controlled {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly workers: { send(command: Command): void };
  /** Milliseconds since the load started. */
  readonly elapsed: number;
  revise(revision: Revision): void;
}

/**
 * Live control of the load, with a record of every action. The first change ends the steady state: the load after it is
 * not the planned one.
 */
export class LiveControl {
  readonly #run: Controlled;
  readonly #actions: OperatorAction[] = [];
  readonly #users = new Map<string, number>();
  #paused = false;

  constructor(run: Controlled) {
    this.#run = run;
  }

  get actions(): readonly OperatorAction[] {
    return this.#actions;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Manual VU count of a scenario; undefined where not set. */
  usersOf(scenario: string): number | undefined {
    return this.#users.get(scenario);
  }

  /** Starts no iteration until `resume`. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    const at = this.#enter({ action: 'pause' });
    this.#run.workers.send({ type: 'pause' });
    this.#change((timeline) => timeline.pause(at));
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const at = this.#enter({ action: 'resume' });
    this.#change((timeline) => timeline.resume(at));
    this.#run.workers.send({ type: 'resume' });
  }

  /** Sets the VU count of a closed scenario on this machine. False for any other name. */
  scale(scenario: string, vus: number): boolean {
    const isClosed = this.#run.plan.scenarios.some(({ name, load }) => name === scenario && load.kind === 'closed');
    if (!isClosed) return false;
    this.#users.set(scenario, vus);
    const at = this.#enter({ action: 'scale', scenario, vus });
    this.#run.workers.send({ type: 'scale', scenario, vus: totalOf(this.#run.plan.share, vus) });
    this.#change((timeline) => timeline.leavePlan(at));
    return true;
  }

  /** Begins the steady state now, where it has not begun. */
  beginSteady(): void {
    const revision = this.#run.timeline.beginSteady(this.#run.elapsed);
    if (revision) this.#run.revise(revision);
  }

  #enter(action: Omit<OperatorAction, 'at'>): number {
    const at = this.#run.elapsed;
    const last = this.#actions.at(-1);
    const isSame = last?.action === 'scale' && last.scenario === action.scenario;
    if (last && isSame && at - last.at * 1000 < ONE_ACTION) this.#actions.pop();
    this.#actions.push({ at: at / 1000, ...action });
    return at;
  }

  #change(change: (timeline: Timeline) => void): void {
    const { timeline } = this.#run;
    const before = timeline.steady;
    change(timeline);
    if (timeline.steady !== before) this.#run.revise({ starts: [], steady: timeline.steady });
  }
}
