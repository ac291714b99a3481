import { readFileSync } from 'node:fs';
import { Piscina } from 'piscina';
import type { Timing, TimingOptions } from '../../options/timing.js';
import { bundledFile } from '../../own-files.js';
import type { WorkerTask } from '../thread/worker.js';
import { heapLimit } from './heap-limit.js';
import { startIdleProbe } from './idle-probe.js';

/** Threads of one run's workers. */
export interface WorkerThreads {
  /** Runs a worker to its end. Rejects where its thread is lost, or ended by the signal. */
  run(task: WorkerTask, signal: AbortSignal): Promise<void>;
  /** Ends the threads now. */
  destroy(): Promise<void>;
}

/** Source of a run's threads. */
export interface Threads {
  /** Starts threads, which load their code until they have a task. `reader` is what will read most of their sockets. */
  startWorkers(count: number, reader: 'native' | 'js'): WorkerThreads;
  readonly startIdleProbe: typeof startIdleProbe;
  /** Running and runnable threads of the machine, this one included. Undefined where that is not known. */
  countRunnable(): number | undefined;
}

/** Timing of a run, and its threads. */
export interface RunTiming extends Timing {
  readonly threads: Threads;
}

/** Timing of a run as a caller gives it, for tests. */
export interface RunTimingOptions extends TimingOptions {
  readonly threads?: Threads | undefined;
}

/**
 * Young generation of a worker's heap, in MiB. Node's own is 48. Objects that outlive a token are copied from there, in
 * pauses as short as this is small. Pauses do not move the kernel's stamps; there, fewer copies count.
 */
const YOUNG_GENERATION = { js: 12, native: 24 };

/** Threads of every run but those of tests in virtual time. */
export const THREADS: Threads = { startWorkers, startIdleProbe, countRunnable };

function startWorkers(count: number, reader: 'native' | 'js'): WorkerThreads {
  const piscina = new Piscina({
    filename: bundledFile('engine/workers/thread/worker.js').href,
    // All start at once, load their code before they have a task, and stay until they have one.
    minThreads: count,
    idleTimeout: Number.POSITIVE_INFINITY,
    maxThreads: count,
    concurrentTasksPerWorker: 1,
    // Waiting in Atomics.wait between tasks would keep a worker from its sockets.
    atomics: 'disabled',
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: heapLimit(count), maxYoungGenerationSizeMb: YOUNG_GENERATION[reader] },
  });
  // Lost threads are not replaced. Piscina would do so even after its end: findings/piscina-starts-a-thread-after-its-end.sh
  piscina.options.minThreads = 0;
  // What a thread throws after its task is nothing that anybody waits for.
  piscina.on('error', () => undefined);
  return {
    async run(task, signal) {
      const transferList = [task.port, ...(task.counter ? [task.counter.port] : [])];
      await piscina.run(task, { transferList, signal });
    },
    destroy: () => piscina.destroy(),
  };
}

/** Running and runnable threads in the form of proc_loadavg(5). */
const RUNNABLE = /^(?:\S+ ){3}(\d+)\//;

function countRunnable(): number | undefined {
  try {
    const [, count] = RUNNABLE.exec(readFileSync('/proc/loadavg', 'utf8')) ?? [];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
