import { Worker } from 'node:worker_threads';
import type { Window } from '../../metrics/window.js';
import { bundledFile } from '../../own-files.js';
import type { IdleDelays, ProbeSettings } from './idle-probe-worker.js';

/** Running measurement of an idle thread. */
export interface IdleProbe {
  /** Sets the steady state from now on. */
  revise(steady: Window): void;
  /** Stops the probe once all its measurements have been delivered. */
  end(): Promise<void>;
}

/** Starts measuring an idle thread's delay; reports about once a second. */
export function startIdleProbe(watch: ProbeSettings, onReport: (watched: IdleDelays) => void): IdleProbe {
  const thread = new Worker(bundledFile('engine/workers/main/idle-probe-worker.js'));
  // Already gone where no file could be opened to load it. Then the machine's own delay is unknown.
  const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  thread.on('error', () => undefined);
  thread.on('message', onReport);
  thread.postMessage(watch);
  return {
    revise: (steady) => thread.postMessage(steady),
    async end() {
      thread.postMessage('end');
      await gone;
    },
  };
}
