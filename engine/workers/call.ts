import type { Clock } from '../clock.js';
import { ExitCode, UserError } from '../errors.js';
import type { Vu } from '../vu/vu.js';
import { toFault } from './fault.js';
import type { Called, Command } from './protocol.js';

type Call = Command & { readonly type: 'call' };

/** What is said of a `setup` or `teardown` that has not ended within its time. */
export function lateError({ name, timeout }: Call): UserError {
  return new UserError(`${name}() took longer than ${timeout / 1000} s`, {
    where: `options.${name}Timeout`,
    hint: 'give it more time, or do less in it',
    exitCode: name === 'setup' ? ExitCode.setupTimeout : ExitCode.teardownTimeout,
  });
}

/** Runs `setup` or `teardown` within its time. */
export async function call(vu: Vu, command: Call, clock: Clock): Promise<Called> {
  const { name, timeout, data } = command;
  const late = lateError(command);
  const controller = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(late), { once: true });
  });
  const cancel = clock.after(timeout, () => controller.abort(late));
  try {
    const values = data === undefined ? [] : [JSON.parse(data) as unknown];
    const result = await Promise.race([vu.call(name, controller.signal, ...values), stopped]);
    return { data: result === undefined ? undefined : JSON.stringify(result), fault: undefined };
  } catch (error) {
    return { data: undefined, fault: toFault(error) };
  } finally {
    cancel();
  }
}
