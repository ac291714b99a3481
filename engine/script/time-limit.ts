import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { ExitCode, UserError } from '../errors.js';

const TOP = 'the top of the scenario file';

/**
 * Evaluates the top of a scenario file with a time limit. Throws a UserError where it does not end, exits the process,
 * or is interrupted by Ctrl-C; otherwise returns or throws as `evaluate` does. `longest` is in milliseconds; `what` names
 * what is evaluated.
 */
export function withinTime<Result>(file: string, evaluate: () => Result, longest: number, what = TOP): Result {
  const refuse = (message: string, hint: string | undefined, exitCode: ExitCode = ExitCode.scriptException) =>
    new UserError(message, { where: file, hint, exitCode });
  const { exit } = process;
  const noExit = (code?: unknown): never => {
    throw refuse(`the top of the scenario file called process.exit(${code ?? ''})`, 'throw an error instead');
  };
  Object.assign(process, { exit: noExit });
  try {
    const timeout = Number.isFinite(longest) ? { timeout: longest } : {};
    return runInNewContext('evaluate()', { evaluate }, { ...timeout, ...INTERRUPTS }) as Result;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw refuse(`${what} did not end within ${longest / 1000} s`, ONCE_EACH);
    }
    if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') {
      throw refuse(`${what} was interrupted`, what === TOP ? ONCE_EACH : undefined, ExitCode.externalAbort);
    }
    throw error;
  } finally {
    Object.assign(process, { exit });
  }
}

const INTERRUPTS = { breakOnSigint: isMainThread, displayErrors: false };
const ONCE_EACH = 'it is run once for each user: put what takes time into setup() or into the iteration';
