import * as v from 'valibot';
import { formatDuration } from '../clock.js';
import type { PlayedSessions } from '../data/sessions/played-sessions.js';
import { startsOf } from '../data/sessions/session-index.js';
import { configError } from '../errors.js';
import { common, duration, field, strict, text, vus } from '../schema.js';
import { positiveAmount } from './arrival-fields.js';
import { defineExecutor } from './executor.js';
import { flatLoad, type Load, type OpenLoad } from './load.js';
import { legsOf } from './recorded-times.js';

const range = field('two shares from 0 to 1 in ascending order, such as [0.25, 0.75]', (input) => {
  const [from, to, more] = Array.isArray(input) ? (input as unknown[]) : [];
  const areShares = typeof from === 'number' && typeof to === 'number' && more === undefined;
  return areShares && from >= 0 && from <= to && to <= 1 ? ([from, to] as const) : undefined;
});

const fields = strict({
  executor: v.literal('sessions'),
  ...common,
  gracefulStop: v.optional(duration(), 0),
  file: text,
  vus: v.optional(vus, 1),
  duration: duration(1000),
  pace: v.optional(v.picklist(['gaps', 'recorded']), 'gaps'),
  gapCap: v.optional(duration()),
  speed: v.optional(positiveAmount, 1),
  startWithin: v.optional(range),
  order: v.optional(v.picklist(['shuffled', 'file'])),
});

/** Options of lanes, which recorded instants leave no room for. */
const OF_LANES = ['gapCap', 'startWithin', 'order'] as const;

const options = v.pipe(
  fields,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.pace !== 'recorded') return;
    const given = OF_LANES.filter((name) => dataset.value[name] !== undefined);
    if (given.length > 0) addIssue({ message: `${given.join(', ')}: not with pace: 'recorded'` });
  }),
);

/** Recorded sessions on lanes, or at their recorded instants. */
export const sessions = defineExecutor({
  options,
  plan(given, _, openSessions): Load {
    const { gapCap = Number.POSITIVE_INFINITY, speed, startWithin, order = 'shuffled', pace } = given;
    const index = openSessions(given.file);
    const played = { index, gapCap, speed, startWithin, isShuffled: order === 'shuffled' };
    return pace === 'recorded' ? recordedLoad(given, played) : { ...flatLoad(given, given.duration), sessions: played };
  },
  describe({ file, vus, duration, gapCap, speed, pace }, { sessions }) {
    const count = (sessions?.index.size ?? 0).toLocaleString('en');
    const isRecorded = pace === 'recorded';
    const lanes = isRecorded ? `at most ${vus} at once` : `${vus} lane${vus === 1 ? '' : 's'}`;
    const cap = gapCap === undefined ? '' : `, gaps of ${formatDuration(gapCap)} at most`;
    const fast = speed === 1 ? '' : ` at ${speed} times their speed`;
    const where = isRecorded ? `at their recorded instants, ${lanes},` : `on ${lanes}`;
    return `${count} sessions of ${file} ${where}${fast} for ${formatDuration(duration)}${cap}`;
  },
});

/** Open load of sessions at their recorded starts, from the first on. */
function recordedLoad(
  { file, vus: most, duration, gracefulStop }: v.InferOutput<typeof fields>,
  played: PlayedSessions,
): OpenLoad {
  const { index, speed } = played;
  const starts = startsOf(index);
  if (!starts) {
    throw configError(
      file,
      `its sessions (${index.form}) have no start times, which pace: 'recorded' needs`,
      'leave pace out: lanes play them by their gaps',
    );
  }
  const byStart = new Uint32Array(new SharedArrayBuffer(4 * index.size));
  byStart.set(Array.from(starts.keys()).sort((a, b) => starts[a]! - starts[b]!));
  const first = starts[byStart[0] ?? 0] ?? 0;
  const times = Array.from(byStart, (session) => (starts[session]! - first) / speed).filter((at) => at <= duration);
  const due = new Float64Array(new SharedArrayBuffer(8 * times.length));
  due.set(times);
  return {
    ...({ kind: 'open', arrivals: 'uniform', timeUnit: 1000, beginsAtOnce: true } as const),
    ...{ legs: legsOf(due, duration), due, sessions: { ...played, byStart } },
    ...{ plannedVus: most, maxVus: most, duration, gracefulStop },
  };
}
