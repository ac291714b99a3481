import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { duration, field, plainObject, vus } from '../schema.js';
import type { Arrivals } from './load.js';

/** Maximum arrival rate of one run, per second. */
const MOST_A_SECOND = 100_000;

/**
 * Valid range of the gamma shape. Lower shapes are so bursty, and higher ones so even, that no difference would be
 * measurable.
 */
const SHAPES = { least: 0.01, most: 1000 };

const arrivals = field('"uniform", "poisson" or { gamma: burstiness } from 0.01 to 1000', (input) => {
  if (input === 'uniform' || input === 'poisson') return input satisfies Arrivals;
  const { gamma, ...rest } = plainObject(input) ?? {};
  const isShape = typeof gamma === 'number' && gamma >= SHAPES.least && gamma <= SHAPES.most;
  return isShape && Object.keys(rest).length === 0 ? ({ gamma } satisfies Arrivals) : undefined;
});

/** Fields of every arrival-rate executor besides its rate. */
export const arrivalFields = {
  timeUnit: v.optional(duration(1), 1000),
  preAllocatedVUs: vus,
  maxVUs: v.optional(vus),
  arrivals: v.optional(arrivals, 'uniform'),
};

/** A rate, in iterations a time unit. */
export const amount = field('a number of 0 or above', (input) =>
  typeof input === 'number' && input >= 0 && input < Number.POSITIVE_INFINITY ? input : undefined,
);

export const positiveAmount = field('a number above 0', (input) =>
  typeof input === 'number' && input > 0 && input < Number.POSITIVE_INFINITY ? input : undefined,
);

interface Vus {
  readonly preAllocatedVUs: number;
  readonly maxVUs?: number | undefined;
}

/** True where `maxVUs` covers the preallocated VUs. */
export function areEnough({ preAllocatedVUs, maxVUs = preAllocatedVUs }: Vus): boolean {
  return maxVUs >= preAllocatedVUs;
}

/** Problem of a `maxVUs` that is too low. */
export function tooFew({ preAllocatedVUs, maxVUs }: Vus): string {
  return `expected at least preAllocatedVUs, ${preAllocatedVUs}, got ${maxVUs}`;
}

/** True for a rate that a machine can sustain. */
export function isBearable(rate: number, timeUnit: number): boolean {
  return (rate * 1000) / timeUnit <= MOST_A_SECOND;
}

/** Problem of a rate that no machine can sustain. */
export const UNBEARABLE = `expected at most ${MOST_A_SECOND.toLocaleString('en')} iterations a second`;

/** `5 iterations/s`, `30 iterations/1m`. */
export function describeRate(rate: number, timeUnit: number): string {
  return `${rate} iterations/${timeUnit === 1000 ? 's' : formatDuration(timeUnit)}`;
}

/** `10 VUs`, `10 to 50 VUs`. */
export function describeVus({ preAllocatedVUs, maxVUs = preAllocatedVUs }: Vus): string {
  return maxVUs > preAllocatedVUs ? `${preAllocatedVUs} to ${maxVUs} VUs` : `${maxVUs} VU${maxVUs === 1 ? '' : 's'}`;
}

/** `10 VUs`, `poisson, 10 to 50 VUs`. */
export function describeArrivals(options: Vus & { readonly arrivals: Arrivals }): string {
  const { arrivals } = options;
  const users = describeVus(options);
  if (arrivals === 'uniform') return users;
  return `${arrivals === 'poisson' ? 'poisson' : `gamma ${arrivals.gamma}`}, ${users}`;
}
