import type { Execution } from './execution.js';
import type { SampleTags } from './metrics.js';
import type { Duration, RampingVus } from './options.js';
import { outside } from './outside.js';

/**
 * Tells for each named condition whether it holds for `value`; true when all do. Failed checks are counted; they do
 * not end the iteration and do not change the exit code, unless there is a threshold on `checks`.
 */
export function check<Value>(
  _value: Value,
  _conditions: Readonly<Record<string, boolean | ((value: Value) => boolean)>>,
  _tags?: SampleTags,
): boolean {
  return outside('check');
}

/** Waits: `await sleep('500ms')`. A bare number counts as seconds, as in k6. */
export function sleep(_time: string | number): Promise<void> {
  return outside('sleep');
}

/**
 * Gives a part of an iteration a name: its samples get the tag `group`, its checks are listed under it, and
 * `group_duration` has the time that it took. Returns what the function returns; await it when that is a promise.
 * Inside of another group its path is `::outer::inner`.
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

/** Ends this iteration with an error. */
export function fail(_message?: string): never {
  return outside('fail');
}

/** Ends the whole test at once, which then exits with 108; `teardown` still runs. The same as `exec.test.abort`. */
export function abort(_message?: string): never {
  return outside('abort');
}

/** A random number from 0 up to, but without, 1; the same ones in every run with the same `--seed`. */
export function random(): number {
  return outside('random');
}

/** Starts this user's `random()` anew from a seed of its own. */
export function randomSeed(_seed: number): void {
  outside('randomSeed');
}

/** A scenario that ramps up to `users` and holds them: sugar for the executor `ramping-vus`. */
export function peakUsers(
  _users: number,
  _times: { readonly ramp: Duration; readonly hold: Duration; readonly gracefulStop?: Duration },
): RampingVus {
  return outside('peakUsers');
}

/** Where this VU and this iteration stand. */
export const exec: Execution = new Proxy({} as Execution, { get: () => outside('exec') });
