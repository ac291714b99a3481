import { configError } from '../errors.js';

/** Invalid value of a scenario's variable. */
export interface WrongVariable {
  readonly name: string;
  readonly message: string;
}

/** Throws a UserError with all invalid variables, if any. */
export function refuseVariables(wrong: readonly WrongVariable[]): void {
  if (wrong.length === 0) return;
  throw configError(
    undefined,
    wrong.map(({ name, message }) => `${name}: ${message}`).join('\n'),
    'give another value with -e NAME=value',
  );
}
