import { constants, getPriority, setPriority } from 'node:os';

const LOW = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lets the workers go first where they share a core with the main thread: its snapshots and reports can wait, a token
 * cannot. For good, since a priority cannot be raised again; threads that are there already keep theirs. Only Linux has
 * a priority for each thread.
 */
export function giveWay(): void {
  if (process.platform !== 'linux' || getPriority() >= LOW) return;
  try {
    setPriority(LOW);
  } catch {
    // Where that is forbidden it is a thread like any other.
  }
}
