import type { Execution } from './execution.js';
import type { SampleTags } from './metrics.js';
import { outside } from './outside.js';
import type { Duration, DurationText, RampingVus } from './scenarios.js';

/**
 * Checks named conditions on `value`; returns true where all hold. Failed checks are counted; they do not end the
 * iteration and do not change the exit code, unless there is a threshold on `checks`.
 *
 * ```ts
 * check(answer, { answered: (a) => a.ok, 'long enough': (a) => a.text.length > 10 });
 * ```
 */
export function check<Value>(
  value: Value,
  conditions: Readonly<Record<string, boolean | ((value: Value) => boolean)>>,
  tags?: SampleTags,
): boolean {
  return outside('check', value, conditions, tags);
}

/** Waits, such as `await sleep('500ms')`. A bare number is seconds, as in k6. */
export function sleep(time: DurationText | number): Promise<void> {
  return outside('sleep', time);
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
export function group<Result>(name: string, run: () => Result): Result {
  return outside('group', name, run);
}

/** Fails this iteration with an error. */
export function fail(message?: string): never {
  return outside('fail', message);
}

/** Ends the whole test now, with exit code 108. `teardown` still runs. An alias of `exec.test.abort`. */
export function abort(message?: string): never {
  return outside('abort', message);
}

/** Random number in [0, 1). Repeatable with `--seed`. */
export function random(): number {
  return outside('random');
}

/** Restarts this user's `random()` from a seed. */
export function randomSeed(seed: number): void {
  outside('randomSeed', seed);
}

/** Times of `peakUsers`, and what a scenario may have besides. */
export interface PeakTimes extends Omit<RampingVus, 'executor' | 'startVUs' | 'stages'> {
  /** Time in which the users come, one after the other. */
  readonly ramp: Duration;
  /** Time for which all of them stay: the steady state. */
  readonly hold: Duration;
}

/**
 * Scenario that ramps up to `users` and holds them. A shortcut for the executor `ramping-vus`.
 *
 * ```ts
 * export const options = { scenarios: { talk: peakUsers(64, { ramp: '1m', hold: '10m' }) } };
 * ```
 */
export function peakUsers(users: number, times: PeakTimes): RampingVus {
  return outside('peakUsers', users, times);
}

/** State of the running VU and iteration; see `Execution`. */
export const exec: Execution = new Proxy({} as Execution, { get: () => outside('exec') });
