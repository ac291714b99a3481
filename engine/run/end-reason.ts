import { ExitCode, UserError } from '../errors.js';
import type { Summary } from '../metrics/snapshot.js';

/** Reason for which a run ended before its plan did. */
export interface Ending {
  readonly outcome: Exclude<Summary['run']['outcome'], 'completed' | 'running'>;
  readonly reason: string;
  readonly exitCode: ExitCode;
}

/** Ending requested by the user. */
export const STOPPED: Ending = {
  outcome: 'interrupted',
  reason: 'stopped by the user',
  exitCode: ExitCode.externalAbort,
};

/** Ending requested by the calling program, before a bad end. */
export function enoughSeen(reason: string): Ending {
  return { outcome: 'aborted', reason, exitCode: ExitCode.thresholdsFailed };
}

/** Ending caused by an error of the script or its data. The place is added where the error does not name it. */
export function failedBy({
  message,
  where,
  hint,
  exitCode,
}: Pick<UserError, 'message' | 'where' | 'hint' | 'exitCode'>): Ending {
  const placed = where === undefined || message.includes(where) ? message : `${where}: ${message}`;
  return { outcome: 'failed', reason: hint === undefined ? placed : `${placed}; ${hint}`, exitCode };
}

/** Error of an ending before the load, which has no record. */
export function beforeStart({ outcome, reason, exitCode }: Ending): UserError {
  const message =
    outcome === 'interrupted' ? `${reason} before the load started` : `${outcome} before the load started: ${reason}`;
  return new UserError(message, { exitCode });
}
