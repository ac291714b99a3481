import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Timing, TimingOptions } from '../../options/timing.js';
import { bundledFile } from '../../own-files.js';
import type { WorkerTask } from '../thread/worker.js';
import { heapLimit } from './heap-limit.js';
import { startIdleProbe } from './idle-probe.js';
import { ThreadExit } from './worker-loss.js';

/** Threads of one run's workers. */
export interface WorkerThreads {
  /** Runs a worker to its end. Rejects where its thread is lost, or ended by the signal. */
  run(task: WorkerTask, signal: AbortSignal): Promise<void>;
  /** Ends the threads now. */
  destroy(): Promise<void>;
}

/** Source of a run's threads. */
export interface Threads {
  /** Starts threads, which load their code until they have a task. */
  startWorkers(count: number): WorkerThreads;
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
 * Young generation of a worker's heap, in MiB. A quarter of Node's own. Objects that outlive a token are copied from
 * there, in pauses as short as this is small.
 */
const YOUNG_GENERATION = 12;

/** Threads of every run but those of tests in virtual time. */
export const THREADS: Threads = { startWorkers, startIdleProbe, countRunnable };

function startWorkers(count: number): WorkerThreads {
  const threads = Array.from({ length: count }, () => startThread(heapLimit(count)));
  const free = [...threads];
  return {
    run(task, signal) {
      const thread = free.shift();
      return thread ? runTask(thread, task, signal) : Promise.reject(new Error('no thread is left'));
    },
    async destroy() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** Starts a thread, with a heap limit in MiB. It waits for its task. */
function startThread(heap: number): Worker {
  const thread = new Worker(bundledFile('engine/workers/thread/thread-main.js'), {
    resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  // What a thread throws outside of its task is nothing that anybody waits for.
  thread.on('error', () => undefined);
  return thread;
}

/** Gives a thread its task. Rejects where it ends before that is done. */
function runTask(thread: Worker, task: WorkerTask, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.once('message', () => resolve());
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new ThreadExit(code)));
    const stop = () => void thread.terminate();
    signal.addEventListener('abort', stop, { once: true });
    thread.postMessage(task, [task.port, ...(task.counter ? [task.counter.port] : [])]);
  });
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
