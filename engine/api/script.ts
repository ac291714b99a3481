import type { Execution } from './execution.js';
import type { SampleTags } from './metrics.js';
import { outside } from './outside.js';
import type { Duration, RampingVus } from './scenarios.js';

/**
 * Checks named conditions on `value`; returns true where all hold. Failed checks are counted; they do not end the
 * iteration and do not change the exit code, unless there is a threshold on `checks`.
 */
export function check<Value>(
  _value: Value,
  _conditions: Readonly<Record<string, boolean | ((value: Value) => boolean)>>,
  _tags?: SampleTags,
): boolean {
  return outside('check');
}

/** Waits, such as `await sleep('500ms')`. A bare number is seconds, as in k6. */
export function sleep(_time: string | number): Promise<void> {
  return outside('sleep');
}

/**
 * Runs a part of an iteration as a named group. Its samples get the tag `group`, its checks are listed under it, and
 * `group_duration` has its duration. Returns what the function returns; await it when that is a promise. Inside of
 * another group its path is `::outer::inner`.
 *
 * ```ts
 * await group('first turn', async () => {
 *   const answer = await chat({ messages: 'hi' });
 *   check(answer, { answered: (a) => a.ok });
 * });
 * ```
 */
export function group<Result>(_name: string, _run: () => Result): Result {
  return outside('group');
}

/** Fails this iteration with an error. */
export function fail(_message?: string): never {
  return outside('fail');
}

/** Ends the whole test now, with exit code 108. `teardown` still runs. An alias of `exec.test.abort`. */
export function abort(_message?: string): never {
  return outside('abort');
}

/** Random number in [0, 1). Repeatable with `--seed`. */
export function random(): number {
  return outside('random');
}

/** Restarts this user's `random()` from a seed. */
export function randomSeed(_seed: number): void {
  outside('randomSeed');
}

/** Scenario that ramps up to `users` and holds them. A shortcut for the executor `ramping-vus`. */
export function peakUsers(
  _users: number,
  _times: { readonly ramp: Duration; readonly hold: Duration; readonly gracefulStop?: Duration },
): RampingVus {
  return outside('peakUsers');
}

/** State of the running VU and iteration; see `Execution`. */
export const exec: Execution = new Proxy({} as Execution, { get: () => outside('exec') });
