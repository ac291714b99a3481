import { setMaxListeners } from 'node:events';
import type { Clock } from '../../clock.js';
import { ExitCode, UserError } from '../../errors.js';
import type { Vu, VuHook } from '../../vu/vu.js';
import { type Fault, toFault } from '../fault.js';
import type { Called, Command } from '../messages.js';

/** Most concurrent VU hooks of one worker. A thousand logins at once would flood a server. */
const AT_ONCE = 20;

/** Call of a one-time script function. Its timeout in milliseconds, and the result of `setup` as JSON. */
type Call = Omit<Command & { readonly type: 'call' }, 'type'>;

/** Error of a function that exceeded its timeout. */
export function lateError({ name, timeout }: Pick<Call, 'name' | 'timeout'>): UserError {
  const isSetup = name === 'setup' || name === 'vuSetup';
  return new UserError(`${name}() took longer than ${timeout / 1000} s`, {
    where: `options.${isSetup ? 'setupTimeout' : 'teardownTimeout'}`,
    hint: 'give it more time, or do less in it',
    exitCode: isSetup ? ExitCode.setupTimeout : ExitCode.teardownTimeout,
  });
}

/** Error of a function cut short because the user does not wait. */
export function cutShortError(name: Call['name']): UserError {
  return new UserError(`${name}() was interrupted by the user`, { exitCode: ExitCode.externalAbort });
}

/** Runs `setup` or `teardown` within its timeout. */
export async function call(vu: Vu, { name, timeout, data }: Call, clock: Clock): Promise<Called> {
  try {
    const values = data === undefined ? [] : [JSON.parse(data) as unknown];
    const result = await within(name, timeout, clock, (signal) => vu.call(name, signal, ...values));
    return { data: result === undefined ? undefined : JSON.stringify(result), fault: undefined };
  } catch (error) {
    return { data: undefined, fault: toFault(error) };
  }
}

/** Runs a hook of one VU within its timeout. Returns its fault, undefined without one. `leaving` ends it early. */
export async function callHook(
  vu: Vu,
  name: VuHook,
  { timeout, data }: Pick<Call, 'timeout' | 'data'>,
  clock: Clock,
  leaving?: AbortSignal,
): Promise<Fault | undefined> {
  if (!vu.hasHook(name)) return undefined;
  try {
    const value: unknown = data === undefined ? undefined : JSON.parse(data);
    await within(name, timeout, clock, (signal) => vu.runHook(name, signal, value), leaving);
    return undefined;
  } catch (error) {
    return toFault(error);
  }
}

/**
 * Runs a hook of every VU, with limited concurrency, until `leaving`. All of them run even if some fail; returns the
 * first fault.
 */
export async function callHooks(
  vus: readonly Vu[],
  name: VuHook,
  call: Pick<Call, 'timeout' | 'data'>,
  clock: Clock,
  leaving: AbortSignal,
): Promise<Fault | undefined> {
  setMaxListeners(AT_ONCE, leaving);
  let first: Fault | undefined;
  const waiting = vus.values();
  const lane = async () => {
    for (const vu of waiting) {
      const fault = await callHook(vu, name, call, clock, leaving);
      first ??= fault;
      // No load is made with a VU that could not be set up.
      if (leaving.aborted || (first && name === 'vuSetup')) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return first;
}

/** Waits for a function of the script, at most for its timeout. */
async function within<Result>(
  name: Call['name'],
  timeout: number,
  clock: Clock,
  run: (signal: AbortSignal) => Promise<Result>,
  leaving?: AbortSignal,
): Promise<Result> {
  const controller = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  const cancel = clock.after(timeout, () => controller.abort(lateError({ name, timeout })));
  const leave = () => controller.abort(leaving?.reason);
  leaving?.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([run(controller.signal), stopped]);
  } finally {
    cancel();
    leaving?.removeEventListener('abort', leave);
  }
}
