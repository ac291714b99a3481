import { ExitCode } from '../../engine/errors.js';
import { type Io, onStop } from '../io.js';

/** Stop request of the user for several runs. */
export interface StopSignals {
  readonly signal: AbortSignal;
  /** True during a run, which then counts the signals itself. */
  running: boolean;
  release(): void;
}

/** Handles requests to stop. After the first no run begins; between runs the second ends the process. */
export function watchStopSignals({ signals, exit }: Io): StopSignals {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted && !stopSignals.running) exit(ExitCode.externalAbort);
    controller.abort();
  };
  const release = onStop(signals, onSignal);
  const stopSignals: StopSignals = {
    signal: controller.signal,
    running: false,
    release,
  };
  return stopSignals;
}
