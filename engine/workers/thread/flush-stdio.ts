import type { Clock } from '../../clock.js';

/**
 * Resolves when the main thread has everything this thread has printed, or after `longest` milliseconds: a reader of our
 * output may have stopped reading. What it has not is lost with the thread.
 */
export async function printed(clock: Clock, longest: number): Promise<void> {
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
