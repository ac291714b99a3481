import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { systemClock as clock } from './clock.js';
import { consolidate } from './consolidate.js';
import { beforeStart, type Ending, STOPPED } from './ending.js';
import { ExitCode, UserError } from './errors.js';
import { Feed } from './feed.js';
import { startHandling } from './handle-summary.js';
import type { Handled } from './handled.js';
import { judge } from './metrics/judge.js';
import { Ledger } from './metrics/ledger.js';
import type { Snapshot, Summary } from './metrics/snapshot.js';
import { viewsOf } from './metrics/values.js';
import type { Window } from './metrics/window.js';
import { type Prepared, prepare } from './prepare.js';
import type { Plan } from './script/plan.js';
import type { GivenBy, Settings } from './settings.js';
import { summarize } from './summarize.js';
import { type Aim, findTargets } from './target.js';
import { INSTANCE } from './vu/thread.js';
import { type Scene, Watch } from './watch.js';
import { fromFault } from './workers/fault.js';
import { type Loss, lossText } from './workers/loss.js';
import { watchMachine } from './workers/machine-noise.js';
import { Pool, type PoolListener, type Unasked } from './workers/pool.js';
import { newPulse } from './workers/pulse.js';

/**
 * A run: iterate it for a snapshot a second, await its summary. Both throw a UserError when the load never started: bad
 * options, no server, a failing `setup`.
 */
export interface Run extends AsyncIterable<Snapshot> {
  /** The record of the run, however it ended. */
  readonly summary: Promise<Summary>;
  /** What the scenario's `handleSummary` made of the summary; undefined where it has none. Never rejects. */
  readonly handled: Promise<Handled | undefined>;
  /** Starts no further iteration and waits for those that run. */
  drain(): void;
  /** Interrupts everything now, also `handleSummary`. */
  abort(): void;
}

/** All workers begin this long after they are told to, in milliseconds: so they begin together, and rest before. */
const RUN_UP = 150;

/** What preparing gives when the user does not want to wait for it. */
const QUIT = Symbol('quit');

/**
 * Runs a scenario file. A path is relative to the working directory. `by` says how problems name the settings.
 *
 * ```ts
 * const running = run('scenario.ts', { baseUrl: 'http://127.0.0.1:8000/v1', vus: 8, duration: '30s' });
 * for await (const { totals } of running) show(totals.requests);
 * const summary = await running.summary;
 * ```
 */
export function run(file: string | URL, settings: Settings = {}, by: GivenBy = 'program'): Run {
  const conductor = new Conductor(file, settings, by);
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
    abort: () => conductor.abort(),
    [Symbol.asyncIterator]: () => conductor.feed[Symbol.asyncIterator](),
  };
}

/** A run's end. The summary does not wait for `handleSummary`, which may take its time. */
interface Conclusion {
  readonly summary: Summary;
  readonly handled: Promise<Handled> | undefined;
}

/** Leads one run from its file to its summary. */
class Conductor implements PoolListener {
  readonly feed = new Feed<Snapshot>();
  readonly #settings: Settings;
  readonly #prepare: () => Promise<Prepared>;
  readonly #ledger = new Ledger();
  readonly #instance = new Int32Array(new SharedArrayBuffer(4 * Object.keys(INSTANCE).length));
  readonly #quitting: Promise<typeof QUIT>;
  #quit: () => void = () => undefined;
  /** There as soon as the scenario handles the summary. */
  #handling: AbortController | undefined;
  #pool: Pool | undefined;
  #startAt: number | undefined;
  #over = false;
  #scenarios: Plan['scenarios'] = [];
  #steady: Window = { from: 0, to: 0 };
  /** The last worker that was lost. */
  #loss: string | undefined;
  #ending: Ending | undefined;
  /** Why the script has marked the test as failed. */
  #marked: string | undefined;

  constructor(file: string | URL, settings: Settings, by: GivenBy) {
    this.#settings = settings;
    this.#prepare = () => prepare(file, settings, by);
    this.#quitting = new Promise((resolve) => {
      this.#quit = () => resolve(QUIT);
    });
  }

  /** The run from first to last. */
  async conduct(): Promise<Conclusion> {
    let prepared: Prepared | undefined;
    let handled: Conclusion['handled'];
    try {
      prepared = await this.#prepare();
      this.#scenarios = prepared.plan.scenarios;
      this.#ledger.warnings.push(...prepared.warnings);
      const aim = await this.#orQuit(findTargets(prepared.plan, prepared.env, clock));
      const workers = await this.#orQuit(this.#openPool(prepared, aim));
      const data = await this.#orQuit(this.#call(prepared, 'setup', undefined));
      const startedAt = new Date(Date.now() + RUN_UP);
      const watch = await this.#carry(prepared, data);
      await this.#tearDown(prepared, data);
      const summary = this.#conclude(prepared, aim, workers, startedAt, watch);
      const { summaryText } = this.#settings;
      this.#handling = new AbortController();
      handled = startHandling({ prepared, summary, aim, data, summaryText, signal: this.#handling.signal });
      return { summary, handled };
    } finally {
      await (this.#startAt === undefined ? this.#pool?.destroy() : this.#pool?.close());
      if (!handled) await prepared?.bundle.dispose();
    }
  }

  /** Ends the load before its time. Of several reasons the first is the one that counts. */
  stop(how: 'drain' | 'abort', ending: Ending): void {
    this.#ending ??= ending;
    if (this.#startAt !== undefined) this.#steady = { ...this.#steady, to: Math.min(this.#steady.to, this.#elapsed()) };
    else this.#quit();
    this.#pool?.tell({ type: how });
    if (how === 'abort') this.#handling?.abort();
  }

  /** The user will not wait for anything. */
  abort(): void {
    this.stop('abort', STOPPED);
    this.#pool?.hurry();
  }

  onReport(report: Unasked): void {
    if (report.type === 'delta') {
      this.#ledger.apply(report.delta);
    } else if (report.type === 'failed') {
      this.#marked ??= report.message;
    } else if (report.type === 'abort') {
      this.stop('abort', { outcome: 'aborted', reason: report.message, exitCode: ExitCode.scriptAborted });
    } else {
      const { message, hint, exitCode } = report.fault;
      this.stop('abort', { outcome: 'failed', reason: hint ? `${message}; ${hint}` : message, exitCode });
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
    if (this.#pool?.alive) return;
    this.stop('abort', { outcome: 'failed', reason: 'no worker is left', exitCode: ExitCode.scriptException });
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

  /** Starts the workers, waits until each has made its users, and tells how many there are. */
  async #openPool({ plan, bundle, env, seed }: Prepared, aim: Aim): Promise<number> {
    const workers = Math.min(plan.workers ?? Math.max(1, availableParallelism() - 1), plan.vus);
    const instance = this.#instance.buffer as SharedArrayBuffer;
    const { script, packages, file } = bundle;
    const options = consolidate(plan, seed, aim);
    const common = { workers, plan, script, packages, file, ...aim, env, tags: plan.tags, seed, options, instance };
    this.#pool = new Pool(
      Array.from({ length: workers }, (_, worker) => ({ worker, pulse: newPulse(), ...common })),
      this,
      clock,
    );
    for (const answer of await this.#pool.ready()) if (answer?.type === 'fault') throw fromFault(answer.fault);
    if (this.#loss) throw this.#lossError();
    return workers;
  }

  /** The last loss, where the run cannot do without the worker; `during` names what it was doing. */
  #lossError(during?: string): UserError {
    const what = this.#loss ?? 'no worker is left';
    const hint = 'docs/errors.md tells what ends a worker';
    return new UserError(during ? `${during}() failed: ${what}` : what, { hint, exitCode: ExitCode.scriptException });
  }

  /** Calls `setup` or `teardown` where the script has one, and gives what it returned as JSON. */
  async #call({ plan, functions }: Prepared, name: 'setup' | 'teardown', data: string | undefined) {
    if (!functions.includes(name)) return undefined;
    const timeout = name === 'setup' ? plan.setupTimeout : plan.teardownTimeout;
    const answer = await this.#pool?.call({ type: 'call', name, timeout, data });
    if (!answer) throw this.#lossError(name);
    if (answer.type === 'fault') throw fromFault(answer.fault, name);
    this.#ledger.enter(answer.delta);
    if (answer.fault) throw fromFault(answer.fault, name);
    return answer.data;
  }

  /** The load itself, from the common start to the end of the last worker. */
  async #carry({ plan, metrics }: Prepared, data: string | undefined): Promise<Watch> {
    const startAt = clock.now() + RUN_UP;
    this.#startAt = startAt;
    this.#steady = plan.steady;
    const machine = watchMachine({ startAt, steady: plan.steady });
    const scene: Scene = {
      plan,
      custom: metrics,
      ledger: this.#ledger,
      feed: this.feed,
      elapsed: () => clock.now() - startAt,
      steady: () => this.#steady,
      state: () => (this.#ending ? 'draining' : 'running'),
      onCrossed: ({ metric, source }) => {
        const reason = `the threshold ${metric} ${source} was crossed`;
        this.stop('abort', { outcome: 'aborted', reason, exitCode: ExitCode.thresholdsFailed });
      },
    };
    const watch = new Watch(scene, clock);
    const answers = await this.#pool?.start({ type: 'start', startAt, data });
    for (const answer of answers ?? []) {
      if (answer?.type === 'ended') this.#ledger.enterDropped(answer.dropped);
    }
    this.#over = true;
    this.#ledger.enterMachineDelay(await machine.end());
    return watch;
  }

  async #tearDown(prepared: Prepared, data: string | undefined): Promise<void> {
    try {
      await this.#call(prepared, 'teardown', data);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (this.#ending) this.#ledger.warnings.push(error.message);
      else this.#ending = { outcome: 'failed', reason: error.message, exitCode: error.exitCode };
    }
  }

  #conclude(prepared: Prepared, aim: Aim, workers: number, startedAt: Date, watch: Watch): Summary {
    const { plan, metrics: custom, seed, bundle } = prepared;
    const ledger = this.#ledger;
    const elapsed = ledger.reportedUntil;
    const views = viewsOf(this.#steady, elapsed);
    const thresholds = judge(plan.thresholds, ledger, custom, views, true);
    watch.end(elapsed, thresholds, this.#instance[INSTANCE.vusPeak] ?? 0);
    const crossed = thresholds.some(({ ok }) => !ok);
    const unharmed = ledger.missing.length > 0 ? ExitCode.scriptException : ExitCode.ok;
    const endedBy = this.#ending;
    const reason = endedBy ? endedBy.reason : this.#marked;
    const found = reason !== undefined ? ExitCode.markedAsFailed : crossed ? ExitCode.thresholdsFailed : unharmed;
    const run = {
      scenario: relative(process.cwd(), bundle.file),
      startedAt: startedAt.toISOString(),
      outcome: endedBy?.outcome ?? ('completed' as const),
      ...(reason !== undefined && { reason }),
      exitCode: endedBy?.exitCode ?? found,
      seed,
      labels: plan.labels,
      tags: plan.tags,
      missing: ledger.missing,
    };
    return summarize({ plan, ledger, views, custom, thresholds, aim, workers, run });
  }
}
