import { setMaxListeners } from 'node:events';
import { messageOf } from '../errors.js';
import type { Failure } from './exchange.js';
import type { RequestContext } from './request-context.js';

/** Request that may have to end early. */
export interface Stoppable {
  /** Ends it now. `isCensored` where the run is over. */
  stop(failure?: Failure, isCensored?: boolean): void;
}

/** Requests in flight, by the signal of their user. */
const inFlight = new WeakMap<AbortSignal, Stoppable[]>();

/** Requests that a user's signal ends. It has one listener for all, as adding one costs as much as a token. */
function requestsOf(signal: AbortSignal): Stoppable[] {
  const known = inFlight.get(signal);
  if (known) return known;
  const requests: Stoppable[] = [];
  inFlight.set(signal, requests);
  const onAbort = () => {
    for (const request of [...requests]) request.stop(undefined, true);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return requests;
}

/** Interrupts a request when the run ends or the script's signal aborts. */
export class InterruptionWatch {
  readonly #request: Stoppable;
  readonly #requests: Stoppable[] | undefined;
  #endCancel: (() => void) | undefined;

  /** Stops a request at once where it is too late for it. */
  constructor({ signal, cancel }: Pick<RequestContext, 'signal' | 'cancel'>, request: Stoppable) {
    this.#request = request;
    if (signal?.aborted) {
      request.stop(undefined, true);
      return;
    }
    this.#requests = signal && requestsOf(signal);
    this.#requests?.push(request);
    if (cancel) this.#endCancel = watchCancel(cancel, request);
  }

  end(): void {
    this.#endCancel?.();
    const requests = this.#requests;
    const place = requests?.indexOf(this.#request) ?? -1;
    if (!requests || place < 0) return;
    // The order does not matter.
    const last = requests.pop();
    if (last && place < requests.length) requests[place] = last;
  }
}

function watchCancel(cancel: AbortSignal, request: Stoppable): (() => void) | undefined {
  const onCancel = () =>
    request.stop({ kind: 'cancelled', message: `the script's signal aborted: ${messageOf(cancel.reason)}` });
  if (cancel.aborted) {
    onCancel();
    return undefined;
  }
  // Any number of requests may be in flight at once: no leak to warn of.
  setMaxListeners(0, cancel);
  cancel.addEventListener('abort', onCancel, { once: true });
  return () => cancel.removeEventListener('abort', onCancel);
}
