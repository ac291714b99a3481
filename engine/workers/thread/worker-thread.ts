import { Secrets } from '../../client/secrets.js';
import { inTurn, type Target } from '../../client/target.js';
import { Transport } from '../../client/transport/transport.js';
import type { Clock } from '../../clock.js';
import { Datasets, PATIENCE } from '../../data/dataset.js';
import type { CounterChannel } from '../../tokens/counting.js';
import { TokenCounting } from '../../tokens/counting.js';
import { recordScriptError } from '../../vu/script-error.js';
import { sessionRouting } from '../../vu/session/session-routing.js';
import type { Thread } from '../../vu/thread-context.js';
import { Interrupted } from '../../vu/vu-state.js';
import { toFault } from '../fault.js';
import { recordEntry } from '../heartbeat.js';
import type { Assignment, Report } from '../messages.js';
import { httpDebugger } from './http-debug.js';
import { idleThread } from './idle-thread.js';
import type { UnhandledError } from './unhandled-errors.js';

/** Thread context of a worker, which measures only once told to. */
export interface WorkerThread extends Mutable<Thread> {
  /** Reports the measurements since the last call. */
  flush: () => void;
  /** Unhandled errors from while nothing was recorded. */
  readonly unhandledErrors: UnhandledError[];
}

type Mutable<Of> = { -readonly [Field in keyof Of]: Of[Field] };

/** Makes the thread context of a worker. `counter` is its channel to the token-counting process, if any. */
export function openThread(
  assignment: Assignment,
  targets: readonly Target[],
  counter: CounterChannel | undefined,
  clock: Clock,
  report: (message: Report) => void,
): WorkerThread {
  const { plan, share, workers, heartbeat, file, env, tags, seed, datasets, transport, options } = assignment;
  const secrets = targets[0]?.secrets ?? new Secrets();
  let failed = false;
  return {
    ...idleThread({ ...plan, clock, file, env, seed }),
    tags,
    tagKeys: plan.tagKeys,
    vus: plan.vus,
    minIterationDuration: plan.options.minIterationDuration,
    connectBackoff: plan.options.connectBackoff,
    datasets: new Datasets(seed, {
      known: datasets,
      patience: PATIENCE,
      onRead: (dataset) => report({ type: 'dataset', dataset }),
    }),
    http: plan.http,
    onHttpExchange: httpDebugger(plan.options.httpDebug, secrets.redact),
    instance: new Int32Array(assignment.instance),
    target: targets[0],
    nextTarget: inTurn(targets, share.index),
    sessions: sessionRouting(plan.options),
    secrets,
    transport: new Transport(transport),
    counting: counter && new TokenCounting(counter, workers),
    options,
    onEntry: (vu, iteration) => recordEntry(heartbeat, vu, iteration),
    abort: (message) => report({ type: 'abort', message: secrets.redact(message) }),
    markFailed(message) {
      if (!failed) report({ type: 'failed', message: secrets.redact(message) });
      failed = true;
    },
    fail: (error) => report({ type: 'fault', fault: toFault(error) }),
    flush: () => undefined,
    unhandledErrors: [],
  };
}

/** Records an unhandled error of the script. Later, where nothing is recorded yet. */
export function recordUnhandledError(thread: WorkerThread, unhandled: UnhandledError): void {
  // A call that nothing awaits was cut short with the load, which is no mistake of its own.
  if (unhandled.error instanceof Interrupted) return;
  if (thread.recorder) recordScriptError(thread, '', unhandled.error, unhandled.remark);
  else thread.unhandledErrors.push(unhandled);
}
