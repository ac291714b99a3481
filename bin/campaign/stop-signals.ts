import { ExitCode } from '../../engine/errors.js';
import { type Io, onStop } from '../io.js';

/** Whether the user wants several runs to end. */
export interface Stopping {
  readonly signal: AbortSignal;
  /** While a run goes on, it is the run that counts how often it is asked. */
  running: boolean;
  release(): void;
}

/** Hears what asks to stop: nothing is begun after the first; between runs the second ends the process. */
export function hearStops({ signals, exit }: Io): Stopping {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted && !stopping.running) exit(ExitCode.externalAbort);
    controller.abort();
  };
  const release = onStop(signals, onSignal);
  const stopping: Stopping = {
    signal: controller.signal,
    running: false,
    release,
  };
  return stopping;
}
