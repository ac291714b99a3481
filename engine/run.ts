import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import type { Found } from './client/preflight.js';
import { systemClock as clock } from './clock.js';
import { beforeStart, type Ending, STOPPED } from './ending.js';
import { ExitCode, UserError } from './errors.js';
import { Feed } from './feed.js';
import { callHooks, callOnce, type Stage } from './lifecycle.js';
import { judge } from './metrics/judge.js';
import { Ledger } from './metrics/ledger.js';
import type { Snapshot, Summary } from './metrics/snapshot.js';
import { viewsOf } from './metrics/values.js';
import { type Prepared, prepare, type Settings } from './prepare.js';
import { summarize } from './summarize.js';
import { findTarget } from './target.js';
import { type Revision, Timeline } from './timeline.js';
import { INSTANCE } from './vu/thread.js';
import { type Scene, Watch } from './watch.js';
import { fromFault } from './workers/fault.js';
import { type MachineWatch, watchMachine } from './workers/machine-noise.js';
import { Pool, type PoolListener } from './workers/pool.js';
import type { Report } from './workers/protocol.js';

/** A run: iterate it for a snapshot a second, await its summary. */
export interface Run extends AsyncIterable<Snapshot> {
  /**
   * The record of the run, however it ended. Rejects with a UserError when the load never started: bad options, no
   * server, a failing `setup`.
   */
  readonly summary: Promise<Summary>;
  /** Starts no further iteration and waits for those that run. */
  drain(): void;
  /** Interrupts everything now. */
  abort(): void;
}

/** All workers begin this long after they are told to, in milliseconds: so they begin together, and rest before. */
const RUN_UP = 150;

/** What preparing gives when the user does not want to wait for it. */
const QUIT = Symbol('quit');

/** Runs a scenario file. */
export function run(file: string, settings: Settings): Run {
  const conductor = new Conductor(file, settings);
  const summary = conductor.conduct();
  // Whoever only iterates must not be punished for not looking at the summary.
  summary.catch(() => undefined);
  return {
    summary,
    drain: () => conductor.stop('drain', STOPPED),
    abort: () => conductor.stop('abort', STOPPED),
    [Symbol.asyncIterator]: () => conductor.feed[Symbol.asyncIterator](),
  };
}

/** What there is of a load that has been carried. */
interface Carried {
  readonly watch: Watch;
  readonly timeline: Timeline;
}

/** Leads one run from its file to its summary. */
class Conductor implements PoolListener {
  readonly feed = new Feed<Snapshot>();
  readonly #file: string;
  readonly #settings: Settings;
  readonly #ledger = new Ledger();
  readonly #missing: string[] = [];
  readonly #instance = new Int32Array(new SharedArrayBuffer(4 * Object.keys(INSTANCE).length));
  readonly #quitting: Promise<typeof QUIT>;
  #quit: () => void = () => undefined;
  #pool: Pool | undefined;
  #startAt: number | undefined;
  #timeline: Timeline | undefined;
  #machine: MachineWatch | undefined;
  #ending: Ending | undefined;

  constructor(file: string, settings: Settings) {
    this.#file = file;
    this.#settings = settings;
    this.#quitting = new Promise((resolve) => {
      this.#quit = () => resolve(QUIT);
    });
  }

  /** The run from first to last. */
  async conduct(): Promise<Summary> {
    let prepared: Prepared | undefined;
    try {
      prepared = await prepare(this.#file, this.#settings);
      this.#ledger.warnings.push(...prepared.warnings);
      const target = await this.#orQuit(findTarget(prepared.plan, this.#settings.target, clock));
      const pool = await this.#orQuit(this.#openPool(prepared, target));
      const stage: Stage = { prepared, pool, ledger: this.#ledger };
      const data = await this.#orQuit(callOnce(stage, 'setup', undefined));
      await this.#orQuit(callHooks(stage, 'vuSetup', data));
      this.#refuseLoss();
      const startedAt = new Date(Date.now() + RUN_UP);
      const carried = await this.#carry(stage, data);
      await this.#tearDown(stage, data);
      return this.#conclude(prepared, target, pool.size, startedAt, carried);
    } finally {
      this.feed.close();
      await (this.#startAt === undefined ? this.#pool?.destroy() : this.#pool?.close());
      await prepared?.bundle.dispose();
    }
  }

  /** Ends the load before its time. Of several reasons the first is the one that counts. */
  stop(how: 'drain' | 'abort', ending: Ending): void {
    this.#ending ??= ending;
    if (this.#timeline) this.#timeline.stop(this.#elapsed());
    else this.#quit();
    this.#pool?.tell({ type: how });
  }

  onReport(report: Report & { readonly type: 'delta' | 'over' | 'abort' | 'fault' }): void {
    if (report.type === 'delta') {
      this.#ledger.apply(report.delta);
    } else if (report.type === 'over') {
      this.#revise(this.#timeline?.over(report.worker, report.scenario, this.#elapsed()));
    } else if (report.type === 'abort') {
      this.stop('abort', { outcome: 'aborted', reason: report.message, exitCode: ExitCode.scriptAborted });
    } else {
      const { message, hint, exitCode } = report.fault;
      this.stop('abort', { outcome: 'failed', reason: hint ? `${message}; ${hint}` : message, exitCode });
    }
  }

  onLost(worker: number, why: string): void {
    const seconds = (this.#elapsed() / 1000).toFixed(1);
    const when = this.#startAt === undefined ? 'before the load started' : `${seconds} s into the load`;
    this.#missing.push(`worker ${worker + 1} died ${when}: ${why}`);
    this.#revise(this.#timeline?.lost(worker, this.#elapsed()));
  }

  /** Tells everybody what has turned out otherwise than planned. */
  #revise(revision: Revision | undefined): void {
    if (!revision || this.#ending) return;
    this.#pool?.tell({ type: 'revise', ...revision });
    this.#machine?.revise(revision.steady);
  }

  /** Waits for a step of the preparation, but no longer than the user does. */
  async #orQuit<Result>(step: Promise<Result>): Promise<Result> {
    step.catch(() => undefined);
    const result = await Promise.race([step, this.#quitting]);
    if (result === QUIT) throw beforeStart(this.#ending ?? STOPPED);
    return result as Result;
  }

  #elapsed(): number {
    return this.#startAt === undefined ? 0 : Math.max(0, clock.now() - this.#startAt);
  }

  /** Starts the workers and waits until each has made its users. */
  async #openPool({ plan, bundle, env, seed }: Prepared, target: Found | undefined): Promise<Pool> {
    const workers = Math.min(this.#settings.workers ?? Math.max(1, availableParallelism() - 1), plan.vus);
    const instance = this.#instance.buffer as SharedArrayBuffer;
    const { script, packages, file } = bundle;
    const common = { workers, plan, script, packages, file, target, env, tags: plan.tags, seed, instance };
    const pool = new Pool(
      Array.from({ length: workers }, (_, worker) => ({ worker, ...common })),
      this,
    );
    this.#pool = pool;
    for (const answer of await pool.ready()) if (answer?.type === 'fault') throw fromFault(answer.fault);
    this.#refuseLoss();
    return pool;
  }

  /** No load is started without a worker that was to carry part of it. */
  #refuseLoss(): void {
    const [lost] = this.#missing;
    if (lost) throw new UserError(lost, { exitCode: ExitCode.scriptException });
  }

  /** The load itself, from the common start to the end of the last worker. */
  async #carry({ prepared, pool }: Stage, data: string | undefined): Promise<Carried> {
    const { plan, metrics } = prepared;
    const startAt = clock.now() + RUN_UP;
    const timeline = new Timeline(plan, pool.size);
    this.#startAt = startAt;
    this.#timeline = timeline;
    this.#machine = watchMachine({ startAt, steady: plan.steady });
    const scene: Scene = {
      plan,
      timeline,
      custom: metrics,
      ledger: this.#ledger,
      feed: this.feed,
      elapsed: () => clock.now() - startAt,
      state: () => (this.#ending ? 'draining' : 'running'),
      onCrossed: ({ metric, source }) => {
        const reason = `the threshold ${metric} ${source} was crossed`;
        this.stop('abort', { outcome: 'aborted', reason, exitCode: ExitCode.thresholdsFailed });
      },
    };
    const watch = new Watch(scene, clock);
    await pool.start({ type: 'start', startAt, data });
    this.#ledger.enterMachineDelay(await this.#machine.end());
    return { watch, timeline };
  }

  async #tearDown(stage: Stage, data: string | undefined): Promise<void> {
    const attempt = async (step: Promise<unknown>) => {
      try {
        await step;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.#ending ??= { outcome: 'failed', reason: error.message, exitCode: error.exitCode };
      }
    };
    await attempt(callHooks(stage, 'vuTeardown', data));
    await attempt(callOnce(stage, 'teardown', data));
  }

  #conclude(
    prepared: Prepared,
    target: Found | undefined,
    workers: number,
    startedAt: Date,
    carried: Carried,
  ): Summary {
    const { plan, metrics: custom, seed, bundle } = prepared;
    const { watch, timeline } = carried;
    const ledger = this.#ledger;
    const elapsed = ledger.reportedUntil;
    const views = viewsOf(timeline.steady, elapsed);
    const thresholds = judge(plan.thresholds, ledger, custom, views, true);
    watch.end(elapsed, thresholds, this.#instance[INSTANCE.vusPeak] ?? 0);
    const crossed = thresholds.some(({ ok }) => !ok);
    const run = {
      scenario: relative(process.cwd(), bundle.file),
      startedAt: startedAt.toISOString(),
      outcome: this.#ending?.outcome ?? ('completed' as const),
      ...(this.#ending && { reason: this.#ending.reason }),
      exitCode: this.#ending?.exitCode ?? (crossed ? ExitCode.thresholdsFailed : ExitCode.ok),
      seed,
      labels: this.#settings.labels,
      tags: plan.tags,
      missing: this.#missing,
    };
    return summarize({ plan, timeline, ledger, views, custom, thresholds, target, workers, run });
  }
}
