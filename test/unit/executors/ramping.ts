import type { ClosedLoad } from '../../../engine/executors/load.js';
import { rampingVus } from '../../../engine/executors/ramping-vus.js';

/** Stages in short: how long, and to how many users. */
export type Legs = readonly (readonly [duration: number, target: number])[];

/** The plan of a ramp. */
export function ramping(
  startVUs: number,
  legs: Legs,
  graces: Partial<Pick<ClosedLoad, 'gracefulStop' | 'gracefulRampDown'>> = {},
): ClosedLoad {
  const options = {
    executor: 'ramping-vus',
    exec: 'default',
    startTime: 0,
    gracefulStop: 30_000,
    gracefulRampDown: 30_000,
    env: {},
    tags: {},
    startVUs,
    stages: legs.map(([duration, target]) => ({ duration, target })),
    ...graces,
  } as const;
  return rampingVus.plan(options, noTrace, noTrace);
}

/** Target number of users at `at`. */
export function vusAt(load: ClosedLoad, at: number): number {
  let vus = 0;
  if (at >= load.duration) return 0;
  for (const step of load.steps) {
    if (step.at > at) break;
    vus = step.vus;
  }
  return vus;
}

/** Fails: only a trace reads a trace. */
export function noTrace(): never {
  throw new Error('read a trace');
}
