import { ExitCode } from '../../engine/core.js';

/** Whether the user wants several runs to end. */
export interface Stopping {
  readonly signal: AbortSignal;
  /** While a run goes on, it is the run that counts how often it is asked. */
  running: boolean;
  release(): void;
}

/** Hears Ctrl-C and SIGTERM: nothing is begun after the first; between runs the second ends the process. */
export function hearStops(): Stopping {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted && !stopping.running) process.exit(ExitCode.externalAbort);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const stopping: Stopping = {
    signal: controller.signal,
    running: false,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
  return stopping;
}
