import type { ResolvedTargets } from '../client/preflight.js';
import type { SharedDataset } from '../data/shared-dataset.js';
import { ExitCode, scriptError, type UserError } from '../errors.js';
import { Aggregator } from '../metrics/aggregator.js';
import type { Snapshot, Summary } from '../metrics/snapshot.js';
import type { Plan } from '../options/plan.js';
import type { GivenBy, Settings } from '../options/settings.js';
import { type Revision, Timeline } from '../options/timeline.js';
import type { Timing } from '../options/timing.js';
import { type ServerWatch, watchServer } from '../server-metrics/watch-server.js';
import { INSTANCE } from '../vu/thread-context.js';
import { fromFault } from '../workers/fault.js';
import { type IdleProbe, startIdleProbe } from '../workers/main/idle-probe.js';
import { type Loss, lossText } from '../workers/main/worker-loss.js';
import type { Pool, PoolListener, Unasked } from '../workers/main/worker-pool.js';
import { beforeStart, type Ending, enoughSeen, failedBy, STOPPED } from './end-reason.js';
import { type Conclusion, conclude, type RunData, recordSoFar } from './finish.js';
import { callHooks, callOnce, type Stage, tearDown } from './lifecycle.js';
import { LiveControl } from './live-control.js';
import type { LogStream } from './log-stream.js';
import { type Scene, Watch } from './monitor.js';
import { type Prepared, prepare } from './prepare.js';
import { findTargets } from './resolve-targets.js';
import { SnapshotQueue } from './snapshot-queue.js';
import { openPool } from './start-workers.js';

/** Result of a preparation step that the user cut short. */
const QUIT = Symbol('quit');

/** Controller of one run, from its file to its summary. */
export class RunController implements PoolListener {
  readonly feed = new SnapshotQueue<Snapshot>();
  readonly #settings: Settings;
  readonly #timing: Timing;
  readonly #prepare: () => Promise<Prepared>;
  readonly #ledger = new Aggregator();
  readonly #instance = new Int32Array(new SharedArrayBuffer(4 * Object.keys(INSTANCE).length));
  readonly #warn = (text: string): void => void this.#ledger.warnings.push(text);
  readonly #quitting: Promise<typeof QUIT>;
  #quit: () => void = () => undefined;
  /** Abort controller of `handleSummary`; set as soon as that may run. */
  #handling: AbortController | undefined;
  #datasets: SharedDataset[] = [];
  #pool: Pool | undefined;
  #log: LogStream | undefined;
  #startAt: number | undefined;
  #over = false;
  #scenarios: Plan['scenarios'] = [];
  #timeline: Timeline | undefined;
  #machine: IdleProbe | undefined;
  #server: ServerWatch | undefined;
  #begun: (RunData & { readonly operator: LiveControl }) | undefined;
  /** Last lost worker, as text. */
  #loss: string | undefined;
  #ending: Ending | undefined;
  /** Reason for which the script has marked the test as failed. */
  #marked: string | undefined;

  constructor(file: string | URL, settings: Settings, by: GivenBy, timing: Timing) {
    this.#settings = settings;
    this.#timing = timing;
    this.#prepare = () => prepare(file, settings, by, timing);
    this.#quitting = new Promise((resolve) => {
      this.#quit = () => resolve(QUIT);
    });
  }

  /** Runs everything from preparation to conclusion. */
  async conduct(): Promise<Conclusion> {
    const { clock } = this.#timing;
    let prepared: Prepared | undefined;
    let conclusion: Conclusion | undefined;
    try {
      prepared = await this.#prepare();
      this.#scenarios = prepared.plan.scenarios;
      this.#datasets = [...prepared.datasets];
      this.#ledger.warnings.push(...prepared.warnings);
      const aim = await this.#orQuit(findTargets(prepared.plan, prepared.env, clock));
      const { serverMetrics: asked } = prepared.plan;
      this.#server = watchServer({ ...aim, asked, clock, startAt: () => this.#startAt, warn: this.#warn });
      const pool = await this.#orQuit(this.#openPool(prepared, aim));
      const stage: Stage = { prepared, pool, ledger: this.#ledger, missing: (what) => this.#lossError(what) };
      const data = await this.#orQuit(callOnce(stage, 'setup', undefined));
      await this.#orQuit(callHooks(stage, 'vuSetup', data));
      if (this.#loss) throw this.#lossError();
      const carried = await this.#carry(stage, aim, data);
      for (const error of await tearDown(stage, data)) {
        if (this.#ending) this.#warn(error.message);
        else this.#ending = { outcome: 'failed', reason: error.message, exitCode: error.exitCode };
      }
      await this.#log?.end();
      const endings = { ending: this.#ending, marked: this.#marked };
      this.#handling = new AbortController();
      conclusion = conclude(
        { ...carried, ...endings, vusPeak: this.#vusPeak() },
        { data, reporters: this.#settings.reporters, signal: this.#handling.signal, timing: this.#timing },
      );
      return conclusion;
    } finally {
      this.#server?.end();
      await (this.#startAt === undefined ? this.#pool?.destroy() : this.#pool?.close());
      if (!conclusion?.handled) await prepared?.bundle.dispose();
    }
  }

  /** Ends the load early. Of several reasons the first counts. */
  stop(how: 'drain' | 'abort', ending: Ending): void {
    this.#ending ??= ending;
    if (this.#timeline) this.#timeline.stop(this.#elapsed());
    else this.#quit();
    this.#pool?.tell({ type: how });
    if (how === 'abort') this.#handling?.abort();
  }

  /** Live control of the load, while it can be changed. */
  get operator(): LiveControl | undefined {
    return this.#ending || this.#over ? undefined : this.#begun?.operator;
  }

  /** Record of the run so far; undefined before its load has begun. */
  recordSoFar(): Summary | undefined {
    return this.#begun && recordSoFar(this.#begun);
  }

  /** Aborts at once: the user does not wait, or the calling program gives its reason. */
  abort(reason?: string): void {
    this.stop('abort', reason === undefined ? STOPPED : enoughSeen(reason));
    if (reason === undefined) this.#pool?.hurry();
  }

  onReport(report: Unasked): void {
    if (report.type === 'delta') {
      this.#ledger.apply(report.delta);
    } else if (report.type === 'dataset') {
      this.#datasets.push(report.dataset);
    } else if (report.type === 'log') {
      if (this.#begun) this.#log?.take(report.batch, this.#begun.startedAt);
    } else if (report.type === 'over') {
      this.#revise(this.#timeline?.over(report.worker, report.scenario, this.#elapsed()));
    } else if (report.type === 'failed') {
      this.#marked ??= report.message;
    } else if (report.type === 'abort') {
      this.stop('abort', { outcome: 'aborted', reason: report.message, exitCode: ExitCode.scriptAborted });
    } else {
      this.stop('abort', failedBy(report.fault));
    }
  }

  onLost(loss: Loss): void {
    const seconds = (this.#elapsed() / 1000).toFixed(1);
    const running = this.#startAt !== undefined && !this.#over;
    const when = running ? `${seconds} s into the load` : this.#over ? 'after the load' : 'before the load started';
    this.#loss = lossText(loss, when, this.#scenarios);
    // Before and after the load it is missed by whoever waits for its answer.
    if (!running) return;
    this.#ledger.enterLoss(loss.worker, this.#loss);
    this.#revise(this.#timeline?.lost(loss.worker, this.#elapsed()));
    if (this.#pool?.alive) return;
    this.stop('abort', { outcome: 'failed', reason: 'no worker is left', exitCode: ExitCode.scriptException });
  }

  /** Sends a revision of the plan to all workers. */
  #revise(revision: Revision | undefined): void {
    if (!revision || this.#ending) return;
    this.#pool?.tell({ type: 'revise', ...revision });
    this.#machine?.revise(revision.steady);
  }

  /** Waits for a preparation step, but no longer than the user does. */
  async #orQuit<Result>(step: Promise<Result>): Promise<Result> {
    step.catch(() => undefined);
    const result = await Promise.race([step, this.#quitting]);
    if (result === QUIT) throw beforeStart(this.#ending ?? STOPPED);
    return result as Result;
  }

  #vusPeak(): number {
    return this.#instance[INSTANCE.vusPeak] ?? 0;
  }

  #elapsed(): number {
    return this.#startAt === undefined ? 0 : Math.max(0, this.#timing.clock.now() - this.#startAt);
  }

  /** Starts the workers and waits until each has made its VUs. */
  async #openPool(prepared: Prepared, aim: ResolvedTargets): Promise<Pool> {
    const { pool, log } = openPool({
      prepared,
      aim,
      logSinks: this.#settings.logSinks,
      instance: this.#instance.buffer as SharedArrayBuffer,
      listener: this,
      warn: this.#warn,
      timing: this.#timing,
    });
    this.#log = log;
    this.#pool = pool;
    for (const answer of await pool.ready()) if (answer?.type === 'fault') throw fromFault(answer.fault);
    if (this.#loss) throw this.#lossError();
    return pool;
  }

  /** Error of the last worker loss, where the run needs that worker. `during` names what the worker was doing. */
  #lossError(during?: string): UserError {
    const what = this.#loss ?? 'no worker is left';
    const hint = 'docs/errors.md tells what ends a worker';
    return scriptError(undefined, during ? `${during}() failed: ${what}` : what, hint);
  }

  /** Runs the load, from the common start to the end of the last worker. */
  async #carry(
    { prepared, pool }: Stage,
    aim: ResolvedTargets,
    data: string | undefined,
  ): Promise<RunData & { watch: Watch }> {
    const { plan } = prepared;
    const { clock, limits } = this.#timing;
    const startAt = clock.now() + limits.runUp;
    const startedAt = new Date(Date.now() + limits.runUp);
    const timeline = new Timeline(plan, pool.size);
    this.#startAt = startAt;
    this.#timeline = timeline;
    const ledger = this.#ledger;
    const machine = startIdleProbe({ startAt, steady: plan.steady }, (watched) => ledger.enterMachineDelay(watched));
    this.#machine = machine;
    const operator = new LiveControl({
      plan,
      timeline,
      elapsed: () => this.#elapsed(),
      tell: (command) => pool.tell(command),
      revise: (steady) => this.#revise({ starts: [], steady }),
    });
    const [server, datasets] = [this.#server, this.#datasets];
    const begun = { prepared, aim, ledger, timeline, workers: pool.size, startedAt, operator, server, datasets };
    this.#begun = begun;
    const scene: Scene = {
      ...begun,
      feed: this.feed,
      elapsed: () => clock.now() - startAt,
      state: () => (this.#ending ? 'draining' : 'running'),
      peakVus: () => this.#vusPeak(),
      onCrossed: ({ metric, source }) => {
        const reason = `the threshold ${metric} ${source} was crossed`;
        this.stop('abort', { outcome: 'aborted', reason, exitCode: ExitCode.thresholdsFailed });
      },
    };
    const watch = new Watch(scene, clock);
    await pool.start({ type: 'start', startAt, data });
    this.#over = true;
    await machine.end();
    return { ...begun, watch };
  }
}
