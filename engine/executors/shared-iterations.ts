import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, DEFAULT_MAX_DURATION, duration, iterations, strict, vus } from '../schema.js';
import { type ClosedLoad, flatLoad } from './load.js';

/** Options of a fixed number of iterations that users share. */
export const sharedIterationsOptions = v.pipe(
  strict({
    executor: v.literal('shared-iterations'),
    ...common,
    vus: v.optional(vus, 1),
    iterations: v.optional(iterations, 1),
    maxDuration: v.optional(duration(1000), DEFAULT_MAX_DURATION),
  }),
  v.forward(
    v.check(
      (options) => options.iterations >= options.vus,
      'expected at least as many iterations as VUs: a VU without an iteration would do nothing',
    ),
    ['iterations'],
  ),
);

export type SharedIterationsOptions = v.InferOutput<typeof sharedIterationsOptions>;

export function planSharedIterations(options: SharedIterationsOptions): ClosedLoad {
  return { ...flatLoad(options, options.maxDuration), iterations: { shared: options.iterations } };
}

export function describeSharedIterations(options: SharedIterationsOptions): string {
  return `${options.iterations} iterations shared among ${options.vus} VUs, at most ${formatDuration(options.maxDuration)}`;
}
