import type { PlayedSessions } from '../data/sessions/played-sessions.js';
import type { Trace } from '../data/trace-file.js';
import type { RateLeg } from './rate.js';

/** VU count from a given time on. `at` is milliseconds from the scenario's start. */
export interface VuStep {
  readonly at: number;
  readonly vus: number;
}

interface AnyLoad {
  /** Maximum number of concurrent VUs. */
  readonly maxVus: number;
  /** Duration of iteration starts, in milliseconds. */
  readonly duration: number;
  /** Grace for iterations still running then, in milliseconds. */
  readonly gracefulStop: number;
}

/** Closed load: a user's next iteration starts when its last has ended. */
export interface ClosedLoad extends AnyLoad {
  readonly kind: 'closed';
  /** Ascending in time; the first is at 0. */
  readonly steps: readonly VuStep[];
  /** Grace for the iteration of a ramped-down VU, in milliseconds. */
  readonly gracefulRampDown: number;
  /** Recorded sessions, of which each iteration plays one. */
  readonly sessions?: PlayedSessions;
  /** Iteration count, if any: per VU, or shared by all. */
  readonly iterations?: { readonly perVu: number } | { readonly shared: number };
}

/** Played part of a trace. Lists of recorded times are in shared memory, which all workers get with the plan. */
interface PlayedTrace {
  /** Index of its first request in the trace. */
  readonly first: number;
  readonly rows: Trace;
}

/**
 * Spacing of arrivals at a given rate.
 *
 * Evenly; at random and independently of one another (Poisson); or with gamma-distributed gaps, burstier than Poisson
 * below a shape of 1 and more even above, as vLLM's `burstiness`.
 */
export type Arrivals = 'uniform' | 'poisson' | { readonly gamma: number };

/** Open load: iterations arrive at a rate, independent of their duration. */
export interface OpenLoad extends AnyLoad {
  readonly kind: 'open';
  /** Arrival rate over time, in arrivals per `timeUnit` (milliseconds). */
  readonly legs: readonly RateLeg[];
  readonly timeUnit: number;
  readonly arrivals: Arrivals;
  /**
   * True where the first arrival is at the start. That is so for even spacing; else it is at the end of the first gap.
   */
  readonly beginsAtOnce: boolean;
  /** Recorded times of the arrivals, in milliseconds from the scenario's start. The rate is only approximate then. */
  readonly due?: Float64Array;
  /** Trace or sessions of the arrivals. */
  readonly trace?: PlayedTrace;
  readonly sessions?: PlayedSessions;
  /** VUs created before the load. More are created when they do not suffice. */
  readonly plannedVus: number;
}

/** Load of a scenario, planned by an executor from its options. */
export type Load = ClosedLoad | OpenLoad;

/** Number of a load's VUs created before it starts. */
export function plannedVus(load: Load): number {
  return load.kind === 'open' ? load.plannedVus : load.maxVus;
}

/** Closed load with a constant number of users. */
export function flatLoad(
  options: { readonly vus: number; readonly gracefulStop: number },
  duration: number,
): ClosedLoad {
  const { vus, gracefulStop } = options;
  return { kind: 'closed', steps: [{ at: 0, vus }], maxVus: vus, duration, gracefulStop, gracefulRampDown: 0 };
}
