import { Log } from '../../vu/record-log.js';
import type { Assignment, Report } from '../messages.js';
import type { WorkerThread } from './worker-thread.js';

/** Opens the log of a worker, where records are logged. Its instants count from `startAt`. */
export function openLog(
  { worker, log }: Assignment,
  startAt: number,
  thread: WorkerThread,
  report: (message: Report) => void,
): Log | undefined {
  return (
    log &&
    new Log({
      details: log.details,
      worker,
      startAt,
      written: new Int32Array(log.written),
      redact: thread.secrets.redact,
      send: (batch) => report({ type: 'log', batch: { worker, since: startAt, ...batch } }),
    })
  );
}
