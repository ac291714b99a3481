import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import { common, duration, field, strict, text, vus } from '../schema.js';
import { positiveAmount } from './arrival-fields.js';
import { defineExecutor } from './executor.js';
import { flatLoad } from './load.js';

const range = field('two shares from 0 to 1 in ascending order, such as [0.25, 0.75]', (input) => {
  const [from, to, more] = Array.isArray(input) ? (input as unknown[]) : [];
  const areShares = typeof from === 'number' && typeof to === 'number' && more === undefined;
  return areShares && from >= 0 && from <= to && to <= 1 ? ([from, to] as const) : undefined;
});

const options = strict({
  executor: v.literal('sessions'),
  ...common,
  gracefulStop: v.optional(duration(), 0),
  file: text,
  vus: v.optional(vus, 1),
  duration: duration(1000),
  gapCap: v.optional(duration()),
  speed: v.optional(positiveAmount, 1),
  startWithin: v.optional(range),
  order: v.optional(v.picklist(['shuffled', 'file']), 'shuffled'),
});

/** Recorded sessions on lanes. */
export const sessions = defineExecutor({
  options,
  plan(given, _, openSessions) {
    const { gapCap = Number.POSITIVE_INFINITY, speed, startWithin, order } = given;
    const index = openSessions(given.file);
    return {
      ...flatLoad(given, given.duration),
      sessions: { index, gapCap, speed, startWithin, isShuffled: order === 'shuffled' },
    };
  },
  describe({ file, vus, duration, gapCap, speed }, { sessions }) {
    const count = (sessions?.index.size ?? 0).toLocaleString('en');
    const lanes = `${vus} lane${vus === 1 ? '' : 's'}`;
    const cap = gapCap === undefined ? '' : `, gaps of ${formatDuration(gapCap)} at most`;
    const pace = speed === 1 ? '' : ` at ${speed} times their speed`;
    return `${count} sessions of ${file} on ${lanes}${pace} for ${formatDuration(duration)}${cap}`;
  },
});
