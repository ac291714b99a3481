import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, duration, strict } from '../schema.js';
import {
  areEnough,
  arrivalFields,
  describeArrivals,
  describeRate,
  isBearable,
  positiveAmount,
  tooFew,
  UNBEARABLE,
} from './arrival-fields.js';
import { defineExecutor } from './executor.js';
import type { OpenLoad } from './load.js';

const options = v.pipe(
  strict({
    executor: v.literal('constant-arrival-rate'),
    ...common,
    rate: positiveAmount,
    duration: duration(1000),
    ...arrivalFields,
  }),
  v.forward(
    v.check(
      (options) => areEnough(options),
      ({ input }) => tooFew(input),
    ),
    ['maxVUs'],
  ),
  v.forward(
    v.check(({ rate, timeUnit }) => isBearable(rate, timeUnit), UNBEARABLE),
    ['rate'],
  ),
);

type ConstantArrivalRateOptions = v.InferOutput<typeof options>;

/** Plans evenly spaced arrivals: i is at i · timeUnit / rate. The first is at the start. */
function planConstantArrivalRate(options: ConstantArrivalRateOptions): OpenLoad {
  const { rate, timeUnit, duration, arrivals, preAllocatedVUs, maxVUs = preAllocatedVUs, gracefulStop } = options;
  return {
    kind: 'open',
    legs: [{ duration, from: rate, to: rate }],
    timeUnit,
    arrivals,
    beginsAtOnce: true,
    plannedVus: preAllocatedVUs,
    maxVus: maxVUs,
    duration,
    gracefulStop,
  };
}

/** A fixed arrival rate for a fixed time. */
export const constantArrivalRate = defineExecutor({
  options,
  plan: planConstantArrivalRate,
  describe(options) {
    const { rate, timeUnit, duration } = options;
    return `${describeRate(rate, timeUnit)} for ${formatDuration(duration)} (${describeArrivals(options)})`;
  },
});
