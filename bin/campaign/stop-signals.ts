import { ExitCode } from '../../engine/core.js';
import type { Io } from '../io.js';

/** Whether the user wants several runs to end. */
export interface Stopping {
  readonly signal: AbortSignal;
  /** While a run goes on, it is the run that counts how often it is asked. */
  running: boolean;
  release(): void;
}

/** Hears Ctrl-C and SIGTERM: nothing is begun after the first; between runs the second ends the process. */
export function hearStops({ signals, exit }: Io): Stopping {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted && !stopping.running) exit(ExitCode.externalAbort);
    controller.abort();
  };
  signals.on('SIGINT', onSignal);
  signals.on('SIGTERM', onSignal);
  const stopping: Stopping = {
    signal: controller.signal,
    running: false,
    release() {
      signals.off('SIGINT', onSignal);
      signals.off('SIGTERM', onSignal);
    },
  };
  return stopping;
}
