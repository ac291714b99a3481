import type { Clock } from '../../clock.js';

/**
 * Resolves once the main thread has this thread's output. At the latest after `longest` milliseconds, since a reader of
 * our output may have stopped reading. Output it does not have is lost with the thread.
 */
export async function flushStdio(clock: Clock, longest: number): Promise<void> {
  let cancel: () => void = () => undefined;
  const patience = new Promise<void>((resolve) => {
    cancel = clock.after(longest, resolve);
  });
  const written = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  );
  await Promise.race([Promise.all(written), patience]);
  cancel();
}
