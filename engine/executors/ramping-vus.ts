import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, DEFAULT_GRACE, duration, MOST_VUS, stagesOf, strict, wholeNumber } from '../schema.js';
import { defineExecutor } from './executor.js';
import type { ClosedLoad, VuStep } from './load.js';

/** Legs of a ramp: get to `target` users in `duration`, linearly. */
export const stages = stagesOf(strict({ duration: duration(), target: wholeNumber(0, MOST_VUS) }));

const options = strict({
  executor: v.literal('ramping-vus'),
  ...common,
  startVUs: v.optional(wholeNumber(0, MOST_VUS), 1),
  stages,
  gracefulRampDown: v.optional(duration(), DEFAULT_GRACE),
});

type RampingVusOptions = v.InferOutput<typeof options>;

/**
 * Plans steps of one user each, spread evenly over each stage. On the way from a to b in d, the kth change is at
 * k·d / |b − a|, so that the target is reached exactly at the stage's end. A stage of zero duration is a jump.
 *
 *     b          ┌────
 *             ┌──┘
 *          ┌──┘
 *     a ───┘
 *          0     d
 */
function planRampingVus(options: RampingVusOptions): ClosedLoad {
  const steps: VuStep[] = [{ at: 0, vus: options.startVUs }];
  let at = 0;
  let vus = options.startVUs;
  for (const { duration, target } of options.stages) {
    const distance = Math.abs(target - vus);
    const direction = Math.sign(target - vus);
    if (duration === 0 && distance > 0) steps.push({ at, vus: target });
    else
      for (let k = 1; k <= distance; k += 1)
        steps.push({ at: at + (k * duration) / distance, vus: vus + k * direction });
    at += duration;
    vus = target;
  }
  return {
    kind: 'closed',
    steps,
    maxVus: Math.max(options.startVUs, ...options.stages.map((stage) => stage.target)),
    duration: at,
    gracefulStop: options.gracefulStop,
    gracefulRampDown: options.gracefulRampDown,
  };
}

/** A number of users that follows stages. */
export const rampingVus = defineExecutor({
  options,
  plan: planRampingVus,
  describe({ stages }, { maxVus, duration }) {
    const legs = stages.length === 1 ? '1 stage' : `${stages.length} stages`;
    return `up to ${maxVus} looping VU${maxVus === 1 ? '' : 's'} for ${formatDuration(duration)} over ${legs}`;
  },
});
