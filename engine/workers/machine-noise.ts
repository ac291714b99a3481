import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Watch, Watched } from './bystander.js';

/** Measures, from now on, how late a thread is that has nothing to do; `end` stops it and gives what was found. */
export function watchMachine(watch: Watch): { end(): Promise<Watched> } {
  const thread = new Worker(new URL('./bystander.js', import.meta.url));
  thread.postMessage(watch);
  return {
    async end() {
      thread.postMessage('end');
      const [watched] = (await once(thread, 'message')) as [Watched];
      return watched;
    },
  };
}
