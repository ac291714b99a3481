import type { Clock } from '../../clock.js';

/** Timeout for a reader of our output that may have stopped reading, in milliseconds. */
const PATIENCE = 500;

/** Resolves when the main thread has everything this thread has printed. What it has not is lost with the thread. */
export async function printed(clock: Clock): Promise<void> {
  let cancel: () => void = () => undefined;
  const patience = new Promise<void>((resolve) => {
    cancel = clock.after(PATIENCE, resolve);
  });
  const written = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  );
  await Promise.race([Promise.all(written), patience]);
  cancel();
}
