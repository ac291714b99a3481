import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, duration, stagesOf, strict } from '../schema.js';
import {
  amount,
  areEnough,
  arrivalFields,
  describeArrivals,
  describeRate,
  isBearable,
  tooFew,
  UNBEARABLE,
} from './arrival-fields.js';
import { defineExecutor } from './executor.js';
import type { OpenLoad } from './load.js';

const options = v.pipe(
  strict({
    executor: v.literal('ramping-arrival-rate'),
    ...common,
    startRate: v.optional(amount, 0),
    stages: stagesOf(strict({ duration: duration(), target: amount })),
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
    v.check(
      ({ startRate, stages, timeUnit }) =>
        [startRate, ...stages.map(({ target }) => target)].every((rate) => isBearable(rate, timeUnit)),
      UNBEARABLE,
    ),
    ['stages'],
  ),
  v.forward(
    v.check(
      ({ startRate, stages }) => startRate > 0 || stages.length === 0 || stages.some(({ target }) => target > 0),
      'expected a rate above 0 somewhere',
    ),
    ['stages'],
  ),
);

type RampingArrivalRateOptions = v.InferOutput<typeof options>;

/**
 * Plans a rate that ramps linearly between targets; zero durations are jumps. Evenly spaced, arrival n (from 1) is
 * where the area under the rate reaches n.
 *
 *     b          ╱▔▔▔▔
 *              ╱
 *     a ▁▁▁▁▁╱
 *          0     d
 */
function planRampingArrivalRate(options: RampingArrivalRateOptions): OpenLoad {
  const { startRate, stages, timeUnit, arrivals, preAllocatedVUs, maxVUs = preAllocatedVUs, gracefulStop } = options;
  const legs = stages.map(({ duration, target }, index) => {
    return { duration, from: stages[index - 1]?.target ?? startRate, to: target };
  });
  return {
    kind: 'open',
    legs: legs.filter(({ duration }) => duration > 0),
    timeUnit,
    arrivals,
    beginsAtOnce: false,
    plannedVus: preAllocatedVUs,
    maxVus: maxVUs,
    duration: stages.reduce((sum, { duration }) => sum + duration, 0),
    gracefulStop,
  };
}

/** An arrival rate that follows stages. */
export const rampingArrivalRate = defineExecutor({
  options,
  plan: planRampingArrivalRate,
  describe(options, { duration }) {
    const { startRate, stages, timeUnit } = options;
    const highest = Math.max(startRate, ...stages.map(({ target }) => target));
    const legs = stages.length === 1 ? '1 stage' : `${stages.length} stages`;
    const rate = `up to ${describeRate(highest, timeUnit)}`;
    return `${rate} for ${formatDuration(duration)} over ${legs} (${describeArrivals(options)})`;
  },
});
