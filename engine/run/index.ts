import type { Snapshot, Summary } from '../metrics/snapshot.js';
import type { GivenBy, Settings } from '../options/settings.js';
import { type TimingOptions, timingOf } from '../options/timing.js';
import { RunController } from './controller.js';
import { STOPPED } from './end-reason.js';
import type { Handled } from './summary-outputs.js';

/**
 * A run: iterate it for a snapshot a second, await its summary. Both throw a UserError when the load never started: bad
 * options, no server, a failing `setup`.
 */
export interface Run extends AsyncIterable<Snapshot> {
  /** Record of the run, in case of any ending. */
  readonly summary: Promise<Summary>;
  /** Result of the scenario's `handleSummary`; undefined where it has none. Never rejects. */
  readonly handled: Promise<Handled | undefined>;
  /** Starts no further iteration and waits for the running ones. */
  drain(): void;
  /**
   * Interrupts everything now, also `handleSummary`. With a reason, the caller has seen enough: the run then ends as
   * one whose threshold was crossed.
   */
  abort(reason?: string): void;
  /** Starts no iteration until `resume`; running ones go on, and so does the time. */
  pause(): void;
  resume(): void;
  /**
   * Sets the VU count of a closed scenario from now on, in place of its plan. False where there is no such scenario or
   * its load is not running.
   */
  setVus(scenario: string, vus: number): boolean;
  /** Record of the run so far; undefined before its load has begun. */
  summaryNow(): Summary | undefined;
}

/**
 * Runs a scenario file. A path is relative to the working directory. `by` says how problems name the settings; `timing`
 * is for tests.
 *
 * ```ts
 * const running = run('scenario.ts', { baseUrl: 'http://127.0.0.1:8000/v1', vus: 8, duration: '30s' });
 * for await (const { totals } of running) show(totals.requests);
 * const summary = await running.summary;
 * ```
 */
export function run(
  file: string | URL,
  settings: Settings = {},
  by: GivenBy = 'program',
  timing: TimingOptions = {},
): Run {
  const conductor = new RunController(file, settings, by, timingOf(timing));
  const conclusion = conductor.conduct();
  const summary = conclusion.then((concluded) => concluded.summary);
  summary.then(
    () => conductor.feed.close(),
    // Whoever only iterates is told there, and must not be punished for not looking at the summary.
    (error: unknown) => conductor.feed.close(error),
  );
  return {
    summary,
    handled: conclusion.then(
      ({ handled }) => handled,
      () => undefined,
    ),
    drain: () => conductor.stop('drain', STOPPED),
    abort: (reason) => conductor.abort(reason),
    pause: () => conductor.operator?.pause(),
    resume: () => conductor.operator?.resume(),
    setVus: (scenario, vus) => conductor.operator?.scale(scenario, vus) ?? false,
    summaryNow: () => conductor.recordSoFar(),
    [Symbol.asyncIterator]: () => conductor.feed[Symbol.asyncIterator](),
  };
}
