import { availableParallelism } from 'node:os';
import type { ResolvedTargets } from '../client/preflight.js';
import type { Clock } from '../clock.js';
import { leftOutNote } from '../data/rows.js';
import type { SharedDataset } from '../data/shared-dataset.js';
import { shareWithin } from '../executors/share.js';
import { type GpuMonitor, monitorGpu } from '../gpu-metrics/watch-gpu.js';
import { Aggregator } from '../metrics/aggregator.js';
import { ownPlan, type Plan } from '../options/plan.js';
import type { Settings } from '../options/settings.js';
import { type Revision, Timeline } from '../options/timeline.js';
import type { Limits } from '../options/timing.js';
import { childEnvironment } from '../script/child-environment.js';
import { monitorServer, type ServerMonitor } from '../server-metrics/watch-server.js';
import type { Gathering } from '../swarm/gathering.js';
import { startCounter } from '../tokens/counter.js';
import { INSTANCE } from '../vu/thread-context.js';
import { newHeartbeat } from '../workers/heartbeat.js';
import type { IdleProbe } from '../workers/main/idle-probe.js';
import type { RunTiming, Threads, WorkerThreads } from '../workers/main/threads.js';
import { Pool, type PoolListener } from '../workers/main/worker-pool.js';
import { Crowding } from './crowding.js';
import { effectiveOptions } from './effective-options.js';
import type { Ending } from './end-reason.js';
import { LiveControl } from './live-control.js';
import { LogStream } from './log-stream.js';
import type { Prepared } from './prepare.js';
import { Reporting } from './reporting.js';

/** Start of a load, on the machine's clock and as a date. */
interface LoadStart {
  readonly at: number;
  readonly date: Date;
}

/** Reasons of a run's end, as far as it has any. */
export interface RunOutcome {
  /** Reason of an end before the plan's. */
  ending: Ending | undefined;
  /** Reason for which the script has marked the run as failed. */
  mark: string | undefined;
}

/** Origin of a run: its scenario, servers and settings. */
export interface RunOrigin {
  readonly prepared: Prepared;
  readonly resolved: ResolvedTargets;
  readonly settings: Settings;
  readonly timing: RunTiming;
  readonly outcome: RunOutcome;
  /** Threads for its workers, as many as `workersOf` says. */
  readonly workerThreads: WorkerThreads;
}

/** Run with its workers, shared by all steps up to its summary. */
export class RunState {
  readonly prepared: Prepared;
  readonly plan: Plan;
  /** Plan narrowed to this machine's share, for display. */
  readonly own: Plan;
  readonly resolved: ResolvedTargets;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly threads: Threads;
  readonly outcome: RunOutcome;
  readonly aggregator = new Aggregator();
  readonly timeline: Timeline;
  readonly liveControl: LiveControl;
  readonly server: ServerMonitor;
  readonly gpu: GpuMonitor;
  readonly crowding: Crowding;
  readonly workers: Pool;
  readonly log: LogStream | undefined;
  readonly reporting: Reporting;
  readonly datasets: SharedDataset[];
  /** Counts of the whole process; see INSTANCE. */
  readonly counts = new Int32Array(new SharedArrayBuffer(4 * Object.keys(INSTANCE).length));
  idleProbe: IdleProbe | undefined;
  /** Machines of the run; undefined where it does not wait for others. */
  gathering: Gathering | undefined;
  start: LoadStart | undefined;
  /** True once the load has ended. */
  isOver = false;
  /** Last lost worker, as text. */
  loss: string | undefined;

  /** Starts the workers, and the watch over the servers. */
  constructor({ prepared, resolved, settings, timing, outcome, workerThreads }: RunOrigin, listener: PoolListener) {
    const { plan } = prepared;
    const { clock, limits, threads } = timing;
    this.prepared = prepared;
    this.plan = plan;
    this.own = ownPlan(plan);
    this.resolved = resolved;
    this.settings = settings;
    this.clock = clock;
    this.limits = limits;
    this.threads = threads;
    this.outcome = outcome;
    this.datasets = [...prepared.datasets];
    this.aggregator.warnings.push(...prepared.warnings, ...resolved.warnings);
    const workers = workersOf(this.own);
    this.timeline = new Timeline(plan, workers);
    this.liveControl = new LiveControl(this);
    const warn = (text: string) => this.warn(text);
    const startAt = () => this.start?.at;
    const watched = { ...resolved, clock, startAt, warn };
    this.server = monitorServer({ ...watched, asked: plan.options.serverMetrics });
    const path = settings.environment?.PATH ?? process.env.PATH ?? '';
    this.gpu = monitorGpu({ ...watched, asked: plan.options.gpu, path });
    this.crowding = new Crowding(resolved.targets, threads.countRunnable);
    const { reporters = [] } = settings;
    const logging = reporters.filter(({ onRecords }) => onRecords);
    this.log = logging.length > 0 ? new LogStream(logging, workers, timing, warn) : undefined;
    this.reporting = new Reporting(reporters, warn);
    this.workers = startWorkers(this, workerThreads, workers, listener);
  }

  /** Milliseconds since the load started; negative before that. 0 while its start is not known. */
  get sinceStart(): number {
    return this.start === undefined ? 0 : this.clock.now() - this.start.at;
  }

  get elapsed(): number {
    return Math.max(0, this.sinceStart);
  }

  /** Peak number of active VUs so far. */
  get peakVus(): number {
    return this.counts[INSTANCE.vusPeak] ?? 0;
  }

  warn(text: string): void {
    this.aggregator.warnings.push(text);
  }

  /** Adds a data set that only some users open. Each worker reads it. */
  takeDataset(dataset: SharedDataset): void {
    this.datasets.push(dataset);
    const note = leftOutNote(dataset.rows);
    if (note !== undefined && !this.aggregator.warnings.includes(note)) this.warn(note);
  }

  /** Sends a revised plan to all workers, unless the load ends early. */
  revise(revision: Revision | undefined): void {
    if (!revision || this.outcome.ending) return;
    this.workers.send({ type: 'revise', ...revision });
    this.idleProbe?.revise(revision.steady);
  }

  /** Ends the watch over the servers and the workers. */
  async close(): Promise<void> {
    this.server.end();
    this.gpu.end();
    await this.gathering?.leave();
    await (this.start === undefined ? this.workers.destroy() : this.workers.close());
  }
}

/** Number of worker threads: as requested, or by the machine's cores. At most one for each of its VUs. */
export function workersOf({ options, vus }: Plan): number {
  return Math.max(1, Math.min(options.workers ?? availableParallelism() - 1, vus));
}

/** Starts the workers of a run, in threads that wait for them. */
function startWorkers(run: RunState, threads: WorkerThreads, workers: number, listener: PoolListener): Pool {
  const { prepared, plan, resolved, settings, limits, log, counts } = run;
  const { bundle, env, seed, datasets, functions } = prepared;
  const { script, packages, file } = bundle;
  const common = {
    workers,
    plan,
    limits,
    script,
    packages,
    file,
    ...resolved,
    env,
    tags: plan.options.tags,
    seed,
    datasets,
    options: effectiveOptions(plan, seed, resolved),
    instance: counts.buffer,
    requestRows: settings.requestRows !== false || functions.includes('handleSummary'),
  };
  const assignments = Array.from({ length: workers }, (_, worker) => {
    const share = shareWithin(plan.share, { index: worker, count: workers });
    return { worker, share, heartbeat: newHeartbeat(), log: log?.of(worker), ...common };
  });
  const counter =
    plan.options.tokenizer === undefined
      ? undefined
      : startCounter(plan.options.tokenizer, workers, childEnvironment());
  return new Pool(threads, assignments, listener, run, counter);
}
