import distance, { closestMatch } from 'leven';

/** Exit codes, the same as k6's where k6 has one. */
export const ExitCode = {
  ok: 0,
  /** Any bug of our own. */
  bug: 1,
  thresholdsFailed: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  invalidConfig: 104,
  externalAbort: 105,
  scriptException: 107,
  scriptAborted: 108,
  /** Marked as failed by the script, which let the test continue. */
  markedAsFailed: 110,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Place of an error, hint and exit code. */
export interface UserErrorDetails {
  /** File with line and column, path of an option, or flag. */
  readonly where?: string | undefined;
  /** Next step for the user. */
  readonly hint?: string | undefined;
  readonly exitCode: ExitCode;
}

/** Error of the user or the environment, printed without a stack. Any other error is a bug of ours. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, details: UserErrorDetails) {
    super(message);
    this.where = details.where;
    this.hint = details.hint;
    this.exitCode = details.exitCode;
  }
}

/** Error of a wrong flag, option or file, with exit code 104. Takes its place, the fault, and a hint. */
export function configError(where: string | undefined, message: string, hint?: string): UserError {
  return new UserError(message, { where, hint, exitCode: ExitCode.invalidConfig });
}

/** Error of a scenario or its data, with exit code 107. Takes its place, the fault, and a hint. */
export function scriptError(where: string | undefined, message: string, hint?: string): UserError {
  return new UserError(message, { where, hint, exitCode: ExitCode.scriptException });
}

/** Message of a thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Reason why a file cannot be read, for a user. */
export function unreadable(thrown: unknown): string {
  const { code = '' } = thrown as NodeJS.ErrnoException;
  const known = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' }[code];
  return known ?? `it cannot be read: ${messageOf(thrown)}`;
}

/**
 * Suggests the closest of the names, such as `; did you mean "vus"?`. Empty where none is close. Case counts for
 * little.
 */
export function didYouMean(written: unknown, names: readonly string[]): string {
  if (typeof written !== 'string' || written === '') return '';
  const inCase = new Map(names.map((name) => [name.toLowerCase(), name]));
  const plain = written.toLowerCase();
  const maxDistance = written.length < 4 ? 1 : Math.max(2, Math.floor(written.length / 3));
  const closest = closestMatch(plain, [...inCase.keys()], { maxDistance });
  if (closest === undefined || isFar(plain, closest)) return '';
  return `; did you mean ${JSON.stringify(inCase.get(closest))}?`;
}

/** True for short words with two letters changed. Two that changed places are near. */
function isFar(written: string, closest: string): boolean {
  const letters = (word: string) => [...word].sort().join('');
  return written.length < 6 && distance(written, closest) > 1 && letters(written) !== letters(closest);
}
