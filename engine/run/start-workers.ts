import { availableParallelism } from 'node:os';
import type { ResolvedTargets } from '../client/preflight.js';
import type { Settings } from '../options/settings.js';
import type { Timing } from '../options/timing.js';
import { startCounter } from '../tokens/counter.js';
import { newHeartbeat } from '../workers/heartbeat.js';
import { Pool, type PoolListener } from '../workers/main/worker-pool.js';
import { effectiveOptions } from './effective-options.js';
import { LogStream } from './log-stream.js';
import type { Prepared } from './prepare.js';

/** Inputs of the worker start. */
export interface PoolOrder {
  readonly prepared: Prepared;
  readonly aim: ResolvedTargets;
  readonly logSinks: Settings['logSinks'];
  /** Instance counts of the whole process; see vu/thread. */
  readonly instance: SharedArrayBuffer;
  readonly listener: PoolListener;
  readonly warn: (text: string) => void;
  readonly timing: Timing;
}

/** Starts the workers of a run, and their log stream, if any. */
export function openPool({ prepared, aim, logSinks = [], instance, listener, warn, timing }: PoolOrder): {
  readonly pool: Pool;
  readonly log: LogStream | undefined;
} {
  const { plan, bundle, env, seed, datasets } = prepared;
  const { script, packages, file } = bundle;
  const workers = Math.min(plan.workers ?? Math.max(1, availableParallelism() - 1), plan.vus);
  const options = effectiveOptions(plan, seed, aim);
  const common = {
    workers,
    plan,
    limits: timing.limits,
    script,
    packages,
    file,
    ...aim,
    env,
    tags: plan.tags,
    seed,
    datasets,
    options,
    instance,
  };
  const log = logSinks.length > 0 ? new LogStream(logSinks, workers, timing, warn) : undefined;
  const assignments = Array.from({ length: workers }, (_, worker) => {
    return { worker, heartbeat: newHeartbeat(), log: log?.of(worker), ...common };
  });
  const counter = plan.tokenizer === undefined ? undefined : startCounter(plan.tokenizer, workers);
  return { pool: new Pool(assignments, listener, timing, counter), log };
}
