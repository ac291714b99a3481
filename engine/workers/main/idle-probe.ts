import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Window } from '../../metrics/window.js';
import type { Watch, Watched } from './idle-probe-worker.js';

/** A measurement that is going on. */
export interface IdleProbe {
  /** From now on this is the steady state. */
  revise(steady: Window): void;
  /** Stops it once everything that was found has been told. */
  end(): Promise<void>;
}

/** Measures, from now on, how late a thread is that has nothing to do; tells about once a second what it has found. */
export function startIdleProbe(watch: Watch, tell: (watched: Watched) => void): IdleProbe {
  const thread = new Worker(new URL('./idle-probe-worker.js', import.meta.url));
  thread.on('message', tell);
  thread.postMessage(watch);
  return {
    revise: (steady) => thread.postMessage(steady),
    async end() {
      thread.postMessage('end');
      await once(thread, 'exit');
    },
  };
}
