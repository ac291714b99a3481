import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, DEFAULT_MAX_DURATION, duration, iterations, strict, vus } from '../schema.js';
import { type ClosedLoad, flatLoad } from './load.js';

/** A fixed number of iterations for each of a number of users. */
export const perVuIterationsOptions = strict({
  executor: v.literal('per-vu-iterations'),
  ...common,
  vus: v.optional(vus, 1),
  iterations: v.optional(iterations, 1),
  maxDuration: v.optional(duration(1000), DEFAULT_MAX_DURATION),
});

export type PerVuIterationsOptions = v.InferOutput<typeof perVuIterationsOptions>;

export function planPerVuIterations(options: PerVuIterationsOptions): ClosedLoad {
  return { ...flatLoad(options, options.maxDuration), iterations: { perVu: options.iterations } };
}

export function describePerVuIterations(options: PerVuIterationsOptions): string {
  return `${options.iterations} iterations for each of ${options.vus} VUs, at most ${formatDuration(options.maxDuration)}`;
}
