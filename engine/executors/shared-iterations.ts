import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, DEFAULT_MAX_DURATION, duration, iterations, strict, vus } from '../schema.js';
import { defineExecutor } from './executor.js';
import { flatLoad } from './load.js';

/** A fixed number of iterations that users share. */
export const sharedIterations = defineExecutor({
  options: v.pipe(
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
  ),
  plan: (options) => ({ ...flatLoad(options, options.maxDuration), iterations: { shared: options.iterations } }),
  describe: ({ iterations, vus, maxDuration }) =>
    `${iterations} iterations shared among ${vus} VU${vus === 1 ? '' : 's'}, at most ${formatDuration(maxDuration)}`,
});
