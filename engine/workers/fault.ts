import { ExitCode, UserError } from '../errors.js';
import { placeOf, userStack } from '../vu/script-error.js';

/** UserError or script exception in transferable form. */
export interface Fault {
  readonly message: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
}

/** Packs a thrown error. Anything but a UserError counts as an exception of the script. */
export function toFault(error: unknown): Fault {
  if (error instanceof UserError) {
    const { message, where, hint, exitCode } = error;
    return { message, where, hint, exitCode };
  }
  return { message: userStack(error), where: placeOf(error), hint: undefined, exitCode: ExitCode.scriptException };
}

/** Unpacks a fault; `during` names the script's function it happened in. */
export function fromFault({ message, where, hint, exitCode }: Fault, during?: string): UserError {
  return new UserError(during ? `${during}() failed: ${message}` : message, { where, hint, exitCode });
}
