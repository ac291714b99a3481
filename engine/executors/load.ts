import type { Trace } from '../data/trace-file.js';
import type { RateLeg } from './rate.js';

/** How many users are meant to be active from an instant on; `at` is milliseconds from the scenario's start. */
export interface VuStep {
  readonly at: number;
  readonly vus: number;
}

interface AnyLoad {
  /** The most users at once. */
  readonly maxVus: number;
  /** After this many milliseconds no iteration starts. */
  readonly duration: number;
  /** How long an iteration that is running then may go on, in milliseconds. */
  readonly gracefulStop: number;
}

/** A closed scenario: each user's next iteration starts when its last has ended. */
export interface ClosedLoad extends AnyLoad {
  readonly kind: 'closed';
  /** Ascending in time; the first is at 0. */
  readonly steps: readonly VuStep[];
  /** How long the iteration of a user that is ramped down may go on, in milliseconds. */
  readonly gracefulRampDown: number;
  /** Where the iterations are counted: their number for each user, or for all users together. */
  readonly iterations?: { readonly perVu: number } | { readonly shared: number };
}

/** A part of a trace that is played. Its lists lie on shared memory: a plan goes to all workers, a trace only once. */
export interface PlayedTrace {
  /** When each request of the part is due, in milliseconds from the scenario's start. */
  readonly due: Float64Array;
  /** The number in the trace of the first of them. */
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
  /** The rate over time, in arrivals a `timeUnit` (milliseconds). */
  readonly legs: readonly RateLeg[];
  readonly timeUnit: number;
  readonly arrivals: Arrivals;
  /** Evenly spaced arrivals begin with the scenario; else when the first has come together. */
  readonly beginsAtOnce: boolean;
  /** Where there is one, it alone says when iterations arrive, and the rate only shows about how many. */
  readonly trace?: PlayedTrace;
  /** Users that are made before the load; more are made when they do not suffice. */
  readonly plannedVus: number;
}

/** When a scenario's iterations start: the pure plan that an executor makes of its options. */
export type Load = ClosedLoad | OpenLoad;

/** How many of a load's users are made before it starts. */
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
