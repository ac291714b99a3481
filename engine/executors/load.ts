import type { Trace } from '../data/trace-file.js';
import type { RateLeg } from './rate.js';

/** VU count from a given time on; `at` is milliseconds from the scenario's start. */
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

/** A closed scenario: each user's next iteration starts when its last has ended. */
export interface ClosedLoad extends AnyLoad {
  readonly kind: 'closed';
  /** Ascending in time; the first is at 0. */
  readonly steps: readonly VuStep[];
  /** Grace for the iteration of a VU that is ramped down, in milliseconds. */
  readonly gracefulRampDown: number;
  /** Iteration count, where there is one: for each VU, or for all together. */
  readonly iterations?: { readonly perVu: number } | { readonly shared: number };
}

/** A part of a trace that is played. Its lists lie on shared memory: a plan goes to all workers, a trace only once. */
interface PlayedTrace {
  /** Due time of each request of the part, in milliseconds from the scenario's start. */
  readonly due: Float64Array;
  /** Number of the first of them in the trace. */
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

/** An open scenario: iterations arrive at a rate, however long the others take. */
export interface OpenLoad extends AnyLoad {
  readonly kind: 'open';
  /** Arrival rate over time, in arrivals per `timeUnit` (milliseconds). */
  readonly legs: readonly RateLeg[];
  readonly timeUnit: number;
  readonly arrivals: Arrivals;
  /** True where arrivals begin with the scenario, as evenly spaced ones do; else at the first gap's end. */
  readonly beginsAtOnce: boolean;
  /** Trace of the arrivals. It alone sets their times, and the rate is only approximate. */
  readonly trace?: PlayedTrace;
  /** VUs made before the load; more are made when they do not suffice. */
  readonly plannedVus: number;
}

/** Load of a scenario: the pure plan of iteration starts, made by an executor from its options. */
export type Load = ClosedLoad | OpenLoad;

/** Number of a load's VUs that are made before it starts. */
export function plannedVus(load: Load): number {
  return load.kind === 'open' ? load.plannedVus : load.maxVus;
}

/** A closed load of the same number of users from first to last. */
export function flatLoad(
  options: { readonly vus: number; readonly gracefulStop: number },
  duration: number,
): ClosedLoad {
  const { vus, gracefulStop } = options;
  return { kind: 'closed', steps: [{ at: 0, vus }], maxVus: vus, duration, gracefulStop, gracefulRampDown: 0 };
}
