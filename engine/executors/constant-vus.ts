import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, duration, strict, vus } from '../schema.js';
import { defineExecutor } from './executor.js';
import { flatLoad } from './load.js';

/** A fixed number of users for a fixed time. */
export const constantVus = defineExecutor({
  options: strict({
    executor: v.literal('constant-vus'),
    ...common,
    vus: v.optional(vus, 1),
    duration: duration(1000),
  }),
  plan: (options) => flatLoad(options, options.duration),
  describe: ({ vus, duration }) => `${vus} looping VU${vus === 1 ? '' : 's'} for ${formatDuration(duration)}`,
});
