import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Window } from '../metrics/window.js';
import type { Watch, Watched } from './bystander.js';

/** A measurement that is going on. */
export interface MachineWatch {
  /** From now on this is the steady state. */
  revise(steady: Window): void;
  /** Stops it and gives what was found. */
  end(): Promise<Watched>;
}

/** Measures, from now on, how late a thread is that has nothing to do. */
export function watchMachine(watch: Watch): MachineWatch {
  const thread = new Worker(new URL('./bystander.js', import.meta.url));
  thread.postMessage(watch);
  return {
    revise: (steady) => thread.postMessage(steady),
    async end() {
      thread.postMessage('end');
      const [watched] = (await once(thread, 'message')) as [Watched];
      return watched;
    },
  };
}
