import { ExitCode, UserError } from '../errors.js';

/** A variable of the scenario whose value is no good. */
export interface WrongVariable {
  readonly name: string;
  readonly message: string;
}

/** Throws an error that names every wrong variable, if there are any. */
export function refuseVariables(wrong: readonly WrongVariable[]): void {
  if (wrong.length === 0) return;
  throw new UserError(wrong.map(({ name, message }) => `${name}: ${message}`).join('\n'), {
    hint: 'give another value with -e NAME=value',
    exitCode: ExitCode.invalidConfig,
  });
}
