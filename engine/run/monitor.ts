import { relative } from 'node:path';
import type { ResolvedTargets } from '../client/preflight.js';
import type { Clock } from '../clock.js';
import type { Aggregator } from '../metrics/aggregator.js';
import { INTERVAL } from '../metrics/intervals.js';
import { judge } from '../metrics/judge-thresholds.js';
import type { ServerState } from '../metrics/server-record.js';
import type { Quality, Snapshot } from '../metrics/snapshot.js';
import type { Threshold, ThresholdResult } from '../metrics/thresholds.js';
import { viewsOf } from '../metrics/values.js';
import { phaseAt } from '../metrics/window.js';
import type { Timeline } from '../options/timeline.js';
import { qualitySoFar } from '../summary/quality-inputs.js';
import { targetOf } from '../summary/summarize.js';
import { observe } from './build-snapshot.js';
import type { LiveControl } from './live-control.js';
import type { Prepared } from './prepare.js';
import type { SnapshotQueue } from './snapshot-queue.js';

/** Interval between threshold evaluations, in milliseconds, as in k6. */
const JUDGING = 2000;

/** Delay of a snapshot after a full second, in milliseconds: time for the workers' deltas. */
const LAG = 250;

/** Inputs of the monitor. */
export interface Scene {
  readonly prepared: Prepared;
  readonly aim: ResolvedTargets;
  readonly timeline: Timeline;
  readonly ledger: Aggregator;
  readonly workers: number;
  readonly operator: LiveControl;
  readonly server: { readonly state: ServerState | undefined } | undefined;
  readonly feed: SnapshotQueue<Snapshot>;
  /** Milliseconds since the load started, below 0 before; and the drain state. */
  readonly elapsed: () => number;
  readonly state: () => Snapshot['state'];
  /** Peak number of active VUs so far. */
  readonly peakVus: () => number;
  /** Called when a crossed threshold ends the run. */
  readonly onCrossed: (threshold: Threshold) => void;
}

/** Monitor that once a second takes a snapshot, judges thresholds and counts VUs. */
export class Watch {
  readonly #scene: Scene;
  readonly #cancel: () => void;
  readonly #file: string;
  readonly #target: Snapshot['target'];
  #thresholds: readonly ThresholdResult[] = [];
  #quality: Quality = { verdict: 'valid', reasons: [], notes: [], inflation: null };
  #judgedAt = 0;

  constructor(scene: Scene, clock: Clock) {
    this.#scene = scene;
    this.#file = relative(process.cwd(), scene.prepared.bundle.file);
    this.#target = targetOf(scene.aim);
    // At once, so that nobody has to wait for a second to see what is going to happen.
    this.#thresholds = this.#holdAgainst(0);
    this.#show(Math.max(0, scene.elapsed()), 'running');
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

  /** Takes the last snapshot, with the results of the thresholds. `vusPeak` covers a run too short for a look. */
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
    const { prepared, timeline, ledger, workers, operator, onCrossed } = this.#scene;
    const { plan } = prepared;
    // What has not been reported yet must not count as if nothing had happened.
    const until = Math.min(elapsed, ledger.reportedUntil);
    const views = viewsOf(timeline.steady, until);
    this.#thresholds = this.#holdAgainst(until);
    const { actions } = operator;
    this.#quality = qualitySoFar({ plan, ledger, views, thresholds: [], workers, operator: actions });
    const crossed = plan.thresholds.find(({ delayAbortEval }, index) => {
      const result = this.#thresholds[index];
      return result && !result.ok && result.abortOnFail && elapsed >= delayAbortEval;
    });
    if (crossed) onCrossed(crossed);
  }

  #holdAgainst(elapsed: number): readonly ThresholdResult[] {
    const { prepared, timeline, ledger } = this.#scene;
    return judge(prepared.plan.thresholds, ledger, prepared.metrics, viewsOf(timeline.steady, elapsed), false);
  }

  #show(elapsed: number, state: Snapshot['state']): Snapshot {
    const { prepared, timeline, ledger, feed, operator, server, peakVus } = this.#scene;
    const interval = Math.floor((elapsed - LAG / 2) / ledger.intervals.width) - 1;
    const views = viewsOf(timeline.steady, elapsed);
    const snapshot = observe({
      plan: prepared.plan,
      file: this.#file,
      target: this.#target,
      timeline,
      ledger,
      views,
      elapsed,
      state,
      operator,
      server: server?.state,
      peakVus: peakVus(),
      thresholds: this.#thresholds,
      quality: this.#quality,
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
