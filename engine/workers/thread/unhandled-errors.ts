import { isOurs } from '../../vu/script-error.js';

/** Unhandled error of a script. */
export interface UnhandledError {
  readonly error: unknown;
  /** Origin of the error, appended to its message. */
  readonly remark: string;
}

/**
 * Passes unhandled errors of a script in this thread to `onError`. They are rejected promises that nothing awaits, and
 * exceptions in callbacks of timers and sockets. An exception of our own ends the thread. `onExit` is called when the
 * thread ends, other than by force: the last chance to report. The returned function stops all that.
 */
export function watchUnhandledErrors(onError: (unhandled: UnhandledError) => void, onExit: () => void): () => void {
  const onFloating = (error: unknown) => onError({ error, remark: ' (in a promise that nothing awaits)' });
  const onThrown = (error: unknown) => {
    if (isOurs(error)) throw error;
    onError({ error, remark: ' (in a callback that nothing awaits)' });
  };
  process.on('unhandledRejection', onFloating);
  process.on('uncaughtException', onThrown);
  process.on('exit', onExit);
  return () => {
    process.off('unhandledRejection', onFloating);
    process.off('uncaughtException', onThrown);
    process.off('exit', onExit);
  };
}
