import type { FailureGroup } from './delta.js';

/** Errors of a process or system that has all its files open. A socket is one. */
const NO_FILE = /\bE[MN]FILE\b/;

/** Requests that found no open file left for their socket. */
export function withoutFile(failures: readonly FailureGroup[]): number {
  return failures
    .filter(({ kind, message }) => kind === 'connect' && NO_FILE.test(message))
    .reduce((sum, { count }) => sum + count, 0);
}
