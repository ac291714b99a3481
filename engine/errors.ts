import { closestMatch } from 'leven';

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
  /** The script said that the test has failed, and let it go on. */
  markedAsFailed: 110,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Where an error stands, what was wrong there, and what to do about it. */
export interface UserErrorDetails {
  /** A file with line and column, an option's path, or a command-line flag. */
  readonly where?: string | undefined;
  /** What the user can do now. */
  readonly hint?: string | undefined;
  readonly exitCode: ExitCode;
}

/** A mistake of the user's or of the world's: it is printed without a stack. Any other error is a bug of ours. */
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

/** A wrong flag, option or file, for exit code 104: its place, the fault, and what to do. */
export function configError(where: string | undefined, message: string, hint?: string): UserError {
  return new UserError(message, { where, hint, exitCode: ExitCode.invalidConfig });
}

/** A fault of the scenario or of its data, for exit code 107: its place, the fault, and what to do. */
export function scriptError(where: string | undefined, message: string, hint?: string): UserError {
  return new UserError(message, { where, hint, exitCode: ExitCode.scriptException });
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** `; did you mean "vus"?` where one of the names is close to what was written, else nothing. Case counts for little. */
export function didYouMean(written: unknown, names: readonly string[]): string {
  if (typeof written !== 'string' || written === '') return '';
  const inCase = new Map(names.map((name) => [name.toLowerCase(), name]));
  // Two letters that changed places count as two.
  const maxDistance = written.length < 4 ? 1 : Math.max(2, Math.floor(written.length / 3));
  const closest = closestMatch(written.toLowerCase(), [...inCase.keys()], { maxDistance });
  return closest === undefined ? '' : `; did you mean ${JSON.stringify(inCase.get(closest))}?`;
}
