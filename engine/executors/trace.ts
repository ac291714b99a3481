import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import type { Trace } from '../data/trace-file.js';
import { common, duration, strict, text, vus, wholeNumber } from '../schema.js';
import { areEnough, describeVus, positiveAmount, tooFew } from './arrival-fields.js';
import { defineExecutor } from './executor.js';
import type { OpenLoad } from './load.js';
import { legsOf, SHORTEST } from './recorded-times.js';

const options = v.pipe(
  strict({
    executor: v.literal('trace'),
    ...common,
    file: text,
    timestamps: v.optional(v.picklist(['seconds', 'milliseconds'])),
    blockTokens: v.optional(wholeNumber(1, 65_536)),
    speed: v.optional(positiveAmount, 1),
    from: v.optional(duration(), 0),
    duration: v.optional(duration(1000)),
    preAllocatedVUs: vus,
    maxVUs: v.optional(vus),
  }),
  v.forward(
    v.check(
      (options) => areEnough(options),
      ({ input }) => tooFew(input),
    ),
    ['maxVUs'],
  ),
);

type TraceOptions = v.InferOutput<typeof options>;

/**
 * Plans the replay of a trace. Request i, at tᵢ, is due at (tᵢ − from) / speed. The load ends with the last of them, or
 * after `duration`. Iteration n is the nth of these requests.
 */
function planTrace(options: TraceOptions, rows: Trace): OpenLoad {
  const { speed, from, preAllocatedVUs, maxVUs = preAllocatedVUs, gracefulStop } = options;
  const first = firstAtOrAfter(rows.at, from);
  const last = ((rows.at.at(-1) ?? 0) - from) / speed;
  const duration = options.duration ?? Math.max(SHORTEST, Math.ceil(last));
  const end = firstAtOrAfter(rows.at, from + duration * speed);
  // What is due at the very end is still of the load where nothing says how long that is.
  const count = Math.max(0, (options.duration === undefined ? rows.size : end) - first);
  const due = new Float64Array(new SharedArrayBuffer(8 * count));
  for (let i = 0; i < count; i += 1) due[i] = ((rows.at[first + i] ?? 0) - from) / speed;
  return {
    kind: 'open',
    legs: legsOf(due, duration),
    timeUnit: 1000,
    arrivals: 'uniform',
    beginsAtOnce: true,
    due,
    trace: { first, rows },
    plannedVus: preAllocatedVUs,
    maxVus: maxVUs,
    duration,
    gracefulStop,
  };
}

/** Index of the first ascending time not before `time`. Their count where all are before. */
function firstAtOrAfter(at: Float64Array, time: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A trace replayed at its own times. */
export const trace = defineExecutor({
  options,
  plan: (options, readTrace) => planTrace(options, readTrace(options)),
  describe(options, { due, duration }) {
    const { file, speed, from } = options;
    const count = (due?.length ?? 0).toLocaleString('en');
    const where = from > 0 ? ` from ${formatDuration(from)} on` : '';
    const pace = speed === 1 ? '' : ` at ${speed} times their speed`;
    return `${count} requests of ${file}${where}${pace} for ${formatDuration(duration)} (${describeVus(options)})`;
  },
});
