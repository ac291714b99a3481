import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, duration, strict, vus } from '../schema.js';
import { type ClosedLoad, flatLoad } from './load.js';

/** Options of a fixed number of users for a fixed time. */
export const constantVusOptions = strict({
  executor: v.literal('constant-vus'),
  ...common,
  vus: v.optional(vus, 1),
  duration: duration(1000),
});

export type ConstantVusOptions = v.InferOutput<typeof constantVusOptions>;

export function planConstantVus(options: ConstantVusOptions): ClosedLoad {
  return flatLoad(options, options.duration);
}

export function describeConstantVus(options: ConstantVusOptions): string {
  return `${options.vus} looping VUs for ${formatDuration(options.duration)}`;
}
