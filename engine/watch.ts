import type { Clock } from './clock.js';
import type { Feed } from './feed.js';
import type { MetricInfo } from './metrics/catalogue.js';
import { INTERVAL } from './metrics/intervals.js';
import { judge } from './metrics/judge.js';
import type { Ledger } from './metrics/ledger.js';
import type { Snapshot } from './metrics/snapshot.js';
import type { Threshold, ThresholdResult } from './metrics/thresholds.js';
import { viewsOf } from './metrics/values.js';
import { phaseAt } from './metrics/window.js';
import { observe } from './observe.js';
import type { Plan } from './script/plan.js';
import type { Timeline } from './timeline.js';

/** Thresholds are judged this often, in milliseconds, as in k6. */
const JUDGING = 2000;

/** A snapshot waits this long after a full second for the workers' deltas, in milliseconds. */
const LAG = 250;

/** What there is to watch. */
export interface Scene {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly custom: Readonly<Record<string, MetricInfo>>;
  readonly ledger: Ledger;
  readonly feed: Feed<Snapshot>;
  /** Milliseconds since the load started, below 0 before; whether it drains. */
  readonly elapsed: () => number;
  readonly state: () => Snapshot['state'];
  /** A threshold does not hold that ends the run then. */
  readonly onCrossed: (threshold: Threshold) => void;
}

/** Looks at a run once a second: a snapshot for whoever watches, thresholds, and how many users there are. */
export class Watch {
  readonly #scene: Scene;
  readonly #cancel: () => void;
  #thresholds: readonly ThresholdResult[] = [];
  #judgedAt = 0;

  constructor(scene: Scene, clock: Clock) {
    this.#scene = scene;
    let due = INTERVAL + LAG;
    const look = () => {
      const elapsed = scene.elapsed();
      // A timer may fire a little too early: that second has been looked at all the same.
      due += INTERVAL * Math.max(1, Math.ceil((elapsed - due) / INTERVAL));
      cancel = clock.after(due - elapsed, look);
      this.#look(elapsed);
    };
    let cancel = clock.after(due - scene.elapsed(), look);
    this.#cancel = () => cancel();
  }

  /** The last look, with what the thresholds came to; `vusPeak` is what is known of a run that was too short to look at. */
  end(elapsed: number, thresholds: readonly ThresholdResult[], vusPeak: number): void {
    this.#cancel();
    this.#thresholds = thresholds;
    const snapshot = this.#show(elapsed, 'done');
    if (!this.#scene.ledger.metrics().has('vus')) this.#count(0, vusPeak, snapshot);
  }

  #look(elapsed: number): void {
    if (elapsed - this.#judgedAt >= JUDGING) {
      this.#judgedAt = elapsed;
      this.#judge(elapsed);
    }
    const snapshot = this.#show(elapsed, this.#scene.state());
    this.#count(elapsed, snapshot.vus, snapshot);
  }

  #judge(elapsed: number): void {
    const { plan, timeline, ledger, custom, onCrossed } = this.#scene;
    // What has not been reported yet must not count as if nothing had happened.
    const views = viewsOf(timeline.steady, Math.min(elapsed, ledger.reportedUntil));
    this.#thresholds = judge(plan.thresholds, ledger, custom, views, false);
    const crossed = plan.thresholds.find(({ delayAbortEval }, index) => {
      const result = this.#thresholds[index];
      return result && !result.ok && result.abortOnFail && elapsed >= delayAbortEval;
    });
    if (crossed) onCrossed(crossed);
  }

  #show(elapsed: number, state: Snapshot['state']): Snapshot {
    const { plan, timeline, ledger, feed } = this.#scene;
    const interval = Math.floor((elapsed - LAG / 2) / ledger.intervals.width) - 1;
    const views = viewsOf(timeline.steady, elapsed);
    const snapshot = observe({
      plan,
      timeline,
      ledger,
      views,
      elapsed,
      state,
      thresholds: this.#thresholds,
      interval,
    });
    feed.push(snapshot);
    return snapshot;
  }

  #count(elapsed: number, vus: number, { scenarios }: Snapshot): void {
    const { timeline, ledger } = this.#scene;
    const phase = phaseAt(timeline.steady, elapsed);
    const initialized = scenarios.reduce((sum, { initializedVus }) => sum + initializedVus, 0);
    ledger.setGauge('vus', vus, phase);
    ledger.setGauge('vus_max', initialized, phase);
  }
}
