import { isOurs } from '../../vu/script-error.js';

/** What a script let loose and nothing awaits. */
export interface Stray {
  readonly error: unknown;
  /** How it came, to go behind the error's message. */
  readonly remark: string;
}

/**
 * Looks after what a script lets loose in this thread: a promise that fails and that nothing awaits, or a callback of a
 * timer or a socket that throws, goes to `onStray`. An exception of our own ends the thread. `onExit` is called when the
 * thread ends, other than by force: the last chance to report. The returned function stops all that.
 */
export function watchStrays(onStray: (stray: Stray) => void, onExit: () => void): () => void {
  const onFloating = (error: unknown) => onStray({ error, remark: ' (in a promise that nothing awaits)' });
  const onThrown = (error: unknown) => {
    if (isOurs(error)) throw error;
    onStray({ error, remark: ' (in a callback that nothing awaits)' });
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
