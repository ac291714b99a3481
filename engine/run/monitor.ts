import { relative } from 'node:path';
import { INTERVAL } from '../metrics/interval-point.js';
import { judge } from '../metrics/judge-thresholds.js';
import type { Quality, Snapshot } from '../metrics/snapshot.js';
import type { Threshold, ThresholdResult } from '../metrics/thresholds.js';
import { viewsOf } from '../metrics/values.js';
import { phaseAt } from '../metrics/window.js';
import { qualitySoFar } from '../summary/quality-inputs.js';
import { targetOf } from '../summary/summarize.js';
import type { AsyncQueue } from '../workers/async-queue.js';
import { buildSnapshot } from './build-snapshot.js';
import type { Ending } from './end-reason.js';
import { nothingSent } from './nothing-sent.js';
import type { RunState } from './run-state.js';

/** Interval between threshold evaluations, in milliseconds, as in k6. */
const JUDGING = 2000;

/** Delay of a snapshot after a full second, in milliseconds. It leaves time for the workers' deltas. */
const LAG = 250;

/** Receiver of reasons to end a run early. */
interface MonitorListener {
  onCrossed(threshold: Threshold): void;
  onNothingSent(ending: Ending): void;
}

/** Takes a snapshot, judges thresholds and counts VUs once a second. */
export class Monitor {
  readonly #run: RunState;
  readonly #feed: AsyncQueue<Snapshot>;
  readonly #listener: MonitorListener;
  /** Ends its timer. */
  readonly cancel: () => void;
  readonly #file: string;
  readonly #target: Snapshot['target'];
  #thresholds: readonly ThresholdResult[] = [];
  #quality: Quality = { verdict: 'valid', reasons: [], notes: [], inflation: null };
  #judgedAt = 0;

  /** Takes the first snapshot. */
  constructor(run: RunState, feed: AsyncQueue<Snapshot>, listener: MonitorListener) {
    this.#run = run;
    this.#feed = feed;
    this.#listener = listener;
    const { clock } = run;
    this.#file = relative(process.cwd(), run.prepared.bundle.file);
    this.#target = targetOf(run.resolved);
    // At once, so that nobody has to wait for a second to see what is going to happen.
    this.#thresholds = this.#holdAgainst(0);
    this.#show(run.elapsed, 'running');
    let due = INTERVAL + LAG;
    const look = () => {
      const elapsed = run.sinceStart;
      // A timer may fire a little too early: that second has been looked at all the same.
      due += INTERVAL * Math.max(1, Math.ceil((elapsed - due) / INTERVAL));
      cancel = clock.after(due - elapsed, look);
      this.#look(elapsed);
    };
    let cancel = clock.after(due - run.sinceStart, look);
    this.cancel = () => cancel();
  }

  /** Takes the last snapshot, with the results of the thresholds. `vusPeak` covers a run too short for a look. */
  end(elapsed: number, thresholds: readonly ThresholdResult[], vusPeak: number): void {
    this.cancel();
    this.#thresholds = thresholds;
    const snapshot = this.#show(elapsed, 'done');
    if (!this.#run.aggregator.metrics().has('vus')) this.#count(0, vusPeak, snapshot);
  }

  #look(elapsed: number): void {
    const ending = nothingSent(this.#run);
    if (ending) this.#listener.onNothingSent(ending);
    if (elapsed - this.#judgedAt >= JUDGING) {
      this.#judgedAt = elapsed;
      this.#judge(elapsed);
    }
    const snapshot = this.#show(elapsed, this.#run.outcome.ending ? 'draining' : 'running');
    this.#count(elapsed, snapshot.vus, snapshot);
  }

  #judge(elapsed: number): void {
    const { plan, timeline, aggregator, workers, liveControl } = this.#run;
    // What has not been reported yet must not count as if nothing had happened.
    const until = Math.min(elapsed, aggregator.reportedUntil);
    const views = viewsOf(timeline.steady, until);
    this.#thresholds = this.#holdAgainst(until);
    const { actions } = liveControl;
    this.#quality = qualitySoFar({
      ...{ plan, aggregator, views, thresholds: [] },
      ...{ workers: workers.size, operator: actions, crowdIn: (phases) => this.#run.crowding.in(phases) },
    });
    const crossed = plan.thresholds.find(({ delayAbortEval }, index) => {
      const result = this.#thresholds[index];
      return result && !result.ok && result.abortOnFail && elapsed >= delayAbortEval;
    });
    if (crossed) this.#listener.onCrossed(crossed);
  }

  #holdAgainst(elapsed: number): readonly ThresholdResult[] {
    const { plan, prepared, timeline, aggregator } = this.#run;
    return judge(plan.thresholds, aggregator, prepared.metrics, viewsOf(timeline.steady, elapsed), false);
  }

  #show(elapsed: number, state: Snapshot['state']): Snapshot {
    const { timeline, aggregator } = this.#run;
    const snapshot = buildSnapshot(this.#run, {
      file: this.#file,
      target: this.#target,
      views: viewsOf(timeline.steady, elapsed),
      elapsed,
      state,
      thresholds: this.#thresholds,
      quality: this.#quality,
      interval: Math.floor((elapsed - LAG / 2) / aggregator.intervals.width) - 1,
    });
    this.#feed.push(snapshot);
    this.#run.reporting.show(snapshot);
    return snapshot;
  }

  #count(elapsed: number, vus: number, { scenarios }: Snapshot): void {
    const { timeline, aggregator, crowding } = this.#run;
    const phase = phaseAt(timeline.steady, elapsed);
    crowding.look(phase);
    const initialized = scenarios.reduce((sum, { initializedVus }) => sum + initializedVus, 0);
    aggregator.setGauge('vus', vus, phase);
    aggregator.setGauge('vus_max', initialized, phase);
  }
}
