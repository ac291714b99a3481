import { constants, getPriority, setPriority } from 'node:os';

const LOW = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lowers the priority of the main thread below its workers. Its snapshots and reports can wait, a token cannot.
 * Irreversible, since a priority cannot be raised again; existing threads keep theirs. Only Linux has a priority for
 * each thread.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux' || getPriority() >= LOW) return;
  try {
    setPriority(LOW);
  } catch {
    // Where that is forbidden it is a thread like any other.
  }
}
