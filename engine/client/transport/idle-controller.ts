import type { Dispatcher } from 'undici';

/** Controller without effect. Requests are stopped by closing their connection. */
export const idleController: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  rawHeaders: null,
  rawTrailers: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};
