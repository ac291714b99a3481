import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, DEFAULT_MAX_DURATION, duration, iterations, strict, vus } from '../schema.js';
import { defineExecutor } from './executor.js';
import { flatLoad } from './load.js';

/** A fixed number of iterations for each of a number of users. */
export const perVuIterations = defineExecutor({
  options: strict({
    executor: v.literal('per-vu-iterations'),
    ...common,
    vus: v.optional(vus, 1),
    iterations: v.optional(iterations, 1),
    maxDuration: v.optional(duration(1000), DEFAULT_MAX_DURATION),
  }),
  plan: (options) => ({ ...flatLoad(options, options.maxDuration), iterations: { perVu: options.iterations } }),
  describe: ({ iterations, vus, maxDuration }) =>
    `${iterations} iterations for each of ${vus} VU${vus === 1 ? '' : 's'}, at most ${formatDuration(maxDuration)}`,
});
