import { ExitCode, UserError } from '../errors.js';
import type { Summary } from '../metrics/snapshot.js';

/** Why a run ended before its plan did. */
export interface Ending {
  readonly outcome: Exclude<Summary['run']['outcome'], 'completed' | 'running'>;
  readonly reason: string;
  readonly exitCode: ExitCode;
}

/** The user's own doing. */
export const STOPPED: Ending = {
  outcome: 'interrupted',
  reason: 'stopped by the user',
  exitCode: ExitCode.externalAbort,
};

/** Of a program that runs this, which has seen why the run cannot end well. */
export function enoughSeen(reason: string): Ending {
  return { outcome: 'aborted', reason, exitCode: ExitCode.thresholdsFailed };
}

/** What was wrong with the script or its data, told with the place where it does not tell that itself. */
export function failedBy({
  message,
  where,
  hint,
  exitCode,
}: Pick<UserError, 'message' | 'where' | 'hint' | 'exitCode'>): Ending {
  const placed = where === undefined || message.includes(where) ? message : `${where}: ${message}`;
  return { outcome: 'failed', reason: hint === undefined ? placed : `${placed}; ${hint}`, exitCode };
}

/** An error that there is no run to report with. */
export function beforeStart({ outcome, reason, exitCode }: Ending): UserError {
  const message =
    outcome === 'interrupted' ? `${reason} before the load started` : `${outcome} before the load started: ${reason}`;
  return new UserError(message, { exitCode });
}
