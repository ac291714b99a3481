import { readdirSync, readFileSync } from 'node:fs';

/** Environment variable that marks a server's processes in any group. */
export const MARK = '_TOKENSWARM_SERVER';

/** Message of the supervisor about its server. */
export type GuardReport =
  | { readonly type: 'started'; readonly group: number }
  | { readonly type: 'ended'; readonly how: string };

/**
 * Living processes of a group, and those with its mark elsewhere. Every child inherits the mark in its environment.
 * Without /proc the latter are unknown, and the group counts as one process.
 */
export function livingOf(group: number, mark: string): readonly number[] {
  const all = processes();
  if (all === undefined) return isThere(-group) ? [group] : [];
  return all.filter((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    // The name may contain anything, brackets and blanks too.
    const [state, , ofGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat === '' || state === 'Z' || state === 'X') return false;
    return Number(ofGroup) === group || read(`/proc/${pid}/environ`).split('\0').includes(mark);
  });
}

/** Sends a signal to a group, and to processes that left it. */
export function signalAll(group: number, living: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of [-group, ...living]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has gone meanwhile.
    }
  }
}

function processes(): readonly number[] | undefined {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
