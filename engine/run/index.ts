import type { RecordChange } from '../metrics/record-change.js';
import type { ReporterFailure } from '../metrics/reporter.js';
import type { Snapshot, Summary } from '../metrics/snapshot.js';
import type { GivenBy, Settings } from '../options/settings.js';
import { timingOf } from '../options/timing.js';
import { AsyncQueue } from '../workers/async-queue.js';
import { type RunTiming, type RunTimingOptions, THREADS } from '../workers/main/threads.js';
import { awaitOthers, commonStart, gather } from './common-start.js';
import { connect } from './connect.js';
import { RunController } from './controller.js';
import { STOPPED } from './end-reason.js';
import { changeOfRecord, type Finished, finish, recordSoFar } from './finish.js';
import { setUp, tearDown } from './lifecycle.js';
import { Monitor } from './monitor.js';
import { prepare } from './prepare.js';
import { startLoad } from './start-load.js';
import type { Handled } from './summary-outputs.js';

export type { RunTimingOptions } from '../workers/main/threads.js';

/** Snapshots that wait for a slow reader; older ones are dropped. */
const LONGEST_FEED = 10;

/**
 * A run: iterate it for a snapshot a second, await its summary. Both throw a UserError when the load never started: bad
 * options, no server, a failing `setup`. Also where no server was named and an iteration needs one.
 */
export interface Run extends AsyncIterable<Snapshot> {
  /** Record of the run, in case of any ending. */
  readonly summary: Promise<Summary>;
  /** Result of the scenario's `handleSummary`; undefined where it has none. Never rejects. */
  readonly handled: Promise<Handled | undefined>;
  /** Failures of reporters at the end; resolves when all have ended. Never rejects. */
  readonly reported: Promise<readonly ReporterFailure[]>;
  /** Starts no further iteration and waits for the running ones. */
  drain(): void;
  /**
   * Interrupts everything now, also `handleSummary`. With a reason, the caller has seen enough: the run then ends as
   * one whose threshold was crossed.
   */
  abort(reason?: string): void;
  /** Starts no iteration until `resume`. Running ones continue, and so does the time. */
  pause(): void;
  /** Goes on. Also begins the load of a run that is `paused` by its options. */
  resume(): void;
  /**
   * Replaces the planned VU count of a closed scenario. False where there is no such scenario or its load is not
   * running.
   */
  setVus(scenario: string, vus: number): boolean;
  /** Begins the steady state now, where it has not begun. For a load that others direct. */
  beginSteady(): void;
  /** Ends the load as if its plan did. `drain` waits for running iterations, `abort` does not. */
  conclude(how: 'drain' | 'abort'): void;
  /** Record of the run so far; undefined before its load has begun. */
  summaryNow(): Summary | undefined;
  /**
   * Change of that record since the last call, or all of it. For one journal: its cost does not grow with the run, as
   * `summaryNow`'s does.
   */
  changeOfSummary(all: boolean): RecordChange | undefined;
}

/**
 * Runs a scenario file. A path is relative to the working directory. `by` says how problems name the settings; clock,
 * limits and threads are for tests.
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
  { threads = THREADS, ...timing }: RunTimingOptions = {},
): Run {
  const controller = new RunController();
  const feed = new AsyncQueue<Snapshot>(LONGEST_FEED);
  const finished = conduct({ file, settings, by, timing: { ...timingOf(timing), threads }, feed }, controller);
  const summary = finished.then((end) => end.summary);
  summary.then(
    () => feed.close(),
    // Whoever only iterates is told there, and must not be punished for not looking at the summary.
    (error: unknown) => feed.close(error),
  );
  return {
    summary,
    handled: finished.then(
      ({ handled }) => handled,
      () => undefined,
    ),
    reported: finished.then(
      ({ reported }) => reported,
      () => [],
    ),
    drain: () => controller.stop('drain', STOPPED),
    abort: (reason) => controller.abort(reason),
    pause: () => controller.liveControl?.pause(),
    resume: () => void (controller.release() || controller.liveControl?.resume()),
    setVus: (scenario, vus) => controller.liveControl?.scale(scenario, vus) ?? false,
    beginSteady: () => controller.liveControl?.beginSteady(),
    conclude: (how) => controller.conclude(how),
    summaryNow: () => controller.run && recordSoFar(controller.run),
    changeOfSummary: (all) => controller.run && changeOfRecord(controller.run, all),
    [Symbol.asyncIterator]: () => feed[Symbol.asyncIterator](),
  };
}

/** Request for a run: scenario, settings, and destination of its snapshots. */
interface RunRequest {
  readonly file: string | URL;
  readonly settings: Settings;
  readonly by: GivenBy;
  readonly timing: RunTiming;
  readonly feed: AsyncQueue<Snapshot>;
}

/** Takes a run through all its steps. */
async function conduct({ file, settings, by, timing, feed }: RunRequest, controller: RunController): Promise<Finished> {
  const prepared = await prepare(file, settings, by, timing);
  let finished: Finished | undefined;
  try {
    const run = await connect(prepared, settings, timing, controller);
    if (prepared.plan.options.paused) {
      const held = controller.hold();
      run.reporting.wait('paused: waiting before the load until it is resumed', true);
      await held;
    }
    await gather(run, controller);
    const data = await setUp(run, controller);
    const load = startLoad(run, data, await commonStart(run, controller));
    const monitor = new Monitor(run, feed, controller);
    await load;
    await awaitOthers(run, controller);
    await tearDown(run, data);
    await run.log?.end();
    if (controller.refusal) {
      monitor.cancel();
      throw controller.refusal;
    }
    finished = finish(run, monitor, { data, signal: controller.allowHandling() });
    return finished;
  } finally {
    await controller.run?.close();
    if (!finished?.handled) await prepared.bundle.dispose();
  }
}
