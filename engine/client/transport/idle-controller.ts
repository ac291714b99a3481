import type { Dispatcher } from 'undici';

/** For requests that cannot be stopped by whoever handles them: they are, by throwing their connection away. */
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
