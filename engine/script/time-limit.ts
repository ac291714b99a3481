import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { ExitCode, UserError } from '../errors.js';

/** The top of a scenario file may take so long, in milliseconds. It is run for every VU, so far less is wise. */
const LONGEST_TOP = 10_000;

/**
 * Evaluates the top of a scenario file in this thread and takes it back where it never ends, ends the process, or where
 * the user presses Ctrl-C meanwhile: then it throws a UserError. Otherwise it gives or throws what `evaluate` does.
 */
export function withinTime<Result>(file: string, evaluate: () => Result, longest = LONGEST_TOP): Result {
  const refuse = (message: string, hint: string, exitCode: ExitCode = ExitCode.scriptException) =>
    new UserError(message, { where: file, hint, exitCode });
  const { exit } = process;
  const noExit = (code?: unknown): never => {
    throw refuse(`the top of the scenario file called process.exit(${code ?? ''})`, 'throw an error instead');
  };
  Object.assign(process, { exit: noExit });
  try {
    const timeout = Number.isFinite(longest) ? { timeout: longest } : {};
    return runInNewContext('evaluate()', { evaluate }, { ...timeout, ...LIMITS }) as Result;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw refuse(`the top of the scenario file did not end within ${longest / 1000} s`, ONCE_EACH);
    }
    if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') {
      throw refuse('the top of the scenario file was interrupted', ONCE_EACH, ExitCode.externalAbort);
    }
    throw error;
  } finally {
    Object.assign(process, { exit });
  }
}

const LIMITS = { breakOnSigint: isMainThread, displayErrors: false };
const ONCE_EACH = 'it is run once for each user: put what takes time into setup() or into the iteration';
