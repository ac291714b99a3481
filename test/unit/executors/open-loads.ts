import { type Arrival, arrivalsOf } from '../../../engine/executors/arrivals.js';
import type { OpenLoad } from '../../../engine/executors/load.js';
import type { Share } from '../../../engine/executors/share.js';
import { ALONE } from './fake-vu-pool.js';

/** Open load, by default 10 arrivals/s for 10 s on two users. */
export function openLoad(given: Partial<OpenLoad> = {}): OpenLoad {
  const legs = given.legs ?? [{ duration: 10_000, from: 10, to: 10 }];
  const plannedVus = given.plannedVus ?? 2;
  return {
    kind: 'open',
    legs,
    timeUnit: 1000,
    arrivals: 'uniform',
    beginsAtOnce: true,
    plannedVus,
    maxVus: plannedVus,
    duration: legs.reduce((sum, { duration }) => sum + duration, 0),
    gracefulStop: 30_000,
    ...given,
  };
}

/** All arrivals of a share, in the order in which they come. */
export function allArrivals(load: OpenLoad, share: Share = ALONE, seed = 1): Arrival[] {
  return [...arrivalsOf(load, share, seed)];
}

/** Due times of all arrivals. */
export function dueAt(load: OpenLoad, seed = 1): number[] {
  return allArrivals(load, ALONE, seed).map(({ at }) => at);
}
