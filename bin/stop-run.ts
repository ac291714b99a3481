import { ExitCode } from '../engine/errors.js';
import type { Run } from '../engine/run/index.js';
import { type Io, onStop } from './io.js';

/** Asks a run to stop; a message about it goes to `tell`. */
export type Stop = (tell: (text: string) => void) => void;

/** Stops a run by steps. First drain, then stop at once, then leave without a summary, for something hangs. */
export function stopper(running: () => Run, { exit }: Io): Stop {
  let asked = 0;
  return (tell) => {
    asked += 1;
    if (asked === 1) {
      tell('waiting for running iterations; again to stop at once');
      running().drain();
    } else if (asked === 2) {
      running().abort();
    } else {
      exit(ExitCode.externalAbort);
    }
  };
}

/** Stops a run on signals. The returned function ends that. */
export function stopOnSignals({ signals }: Io, stop: Stop, tell: (text: string) => void): () => void {
  return onStop(signals, () => stop(tell));
}
