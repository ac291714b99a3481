import { setMaxListeners } from 'node:events';
import { messageOf } from '../errors.js';
import type { Failure } from './exchange.js';
import type { RequestContext } from './request-context.js';

/**
 * Calls `stop` when a request must end early. The reason is the script's abort or, without a failure, the end of the
 * run.
 * Returns a function that stops watching; undefined where it had to end at once.
 */
export function watchInterruptions(
  { signal, cancel }: RequestContext,
  stop: (failure?: Failure) => void,
): (() => void) | undefined {
  const onAbort = () => stop();
  const onCancel = () =>
    stop({ kind: 'cancelled', message: `the script's signal aborted: ${messageOf(cancel?.reason)}` });
  if (signal?.aborted || cancel?.aborted) {
    if (signal?.aborted) onAbort();
    else onCancel();
    return undefined;
  }
  // Any number of requests may be in flight at once: no leak to warn of.
  if (signal) setMaxListeners(0, signal);
  if (cancel) setMaxListeners(0, cancel);
  signal?.addEventListener('abort', onAbort, { once: true });
  cancel?.addEventListener('abort', onCancel, { once: true });
  return () => {
    signal?.removeEventListener('abort', onAbort);
    cancel?.removeEventListener('abort', onCancel);
  };
}
