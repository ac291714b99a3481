import { parseCondition } from '../../engine/metrics/thresholds.js';
import type { Knee } from '../../engine/results/sweep/knee.js';
import type { Level } from '../../engine/results/sweep/level.js';
import type { Miss } from '../../engine/results/sweep/slo.js';
import type { Capacity, Sweep } from '../../engine/results/sweep/sweep.js';
import type { LevelSeries } from '../../engine/results/sweep/table.js';
import type { Item } from '../document/document.js';
import { count, percent } from '../format.js';
import { baseName, builtInForm, metricValue } from '../metric-value.js';
import { cutOffText } from '../run/cut-off.js';
import { cacheText } from './cache-words.js';

/** Level at which throughput stops growing. */
function kneeText({ at, after, throughput, most, isOpen }: Knee, axis: string): string {
  if (isOpen) {
    return `Output tokens/s still grow at ${axis}=${count(at)}, the highest level: ${count(throughput)}. The knee lies there or above.`;
  }
  const where = after === undefined ? `at ${count(at)} or below` : `between ${count(after)} and ${count(at)}`;
  return `Output tokens/s stop growing ${where} (${axis}): ${count(throughput)} at ${count(at)}, ${count(most)} at the most.`;
}

/** Result of a capacity search, and the caveats about it. */
export function capacityTexts(capacity: Capacity, series: readonly LevelSeries[]): readonly Item[] {
  const { range, found, tried } = capacity;
  const { name, low, high } = range;
  if (!found) {
    const last = tried.at(-1);
    return last
      ? [{ tone: 'muted', text: `The search is not finished; the last level was ${name}=${last.level}.` }]
      : [];
  }
  const { kind, passing, failing, violations, mixed } = found;
  const missesAt = (level: number | undefined) => missesText(missesOf(capacity, level));
  const levels = series.flatMap((each) => each.levels);
  const answer: Item =
    kind === 'below'
      ? { tone: 'bad', text: `Not even ${name}=${low} meets the objectives: ${missesAt(low)}.` }
      : kind === 'above'
        ? {
            tone: 'good',
            text: `${name}=${high}, the highest level allowed, meets the objectives: the capacity is that or more (search above with --vary ${name}=${high}..${2 * high}).`,
          }
        : {
            tone: 'good',
            text: `${name}=${passing} is the most that meets the objectives; ${failing} does not: ${missesAt(failing)}.`,
          };
  const deciding = kind === 'below' ? [low] : kind === 'above' ? [high] : [passing, failing];
  const invalid = levels.filter(({ at, runs }) => at === passing && runs.some(({ verdict }) => verdict === 'invalid'));
  const failingInvalid = levels.filter(
    ({ at, runs }) => at === failing && runs.some(({ verdict }) => verdict === 'invalid'),
  );
  return [
    doubted(
      answer,
      levels.filter(({ at }) => deciding.includes(at)),
    ),
    ...(kind === 'within'
      ? [{ tone: 'muted' as const, text: boundsText(capacity, passing ?? low, failing ?? high) }]
      : []),
    ...mixed.map(
      (level): Item => ({
        tone: 'doubtful',
        text: `${name}=${level} met the objectives in some of its runs and not in others: the best of three counts.`,
      }),
    ),
    ...violations.map(
      (level): Item => ({
        tone: 'doubtful',
        text: `${name}=${level} met the objectives although ${failing} did not: something other than the load affects the figures.`,
      }),
    ),
    ...[...invalid, ...failingInvalid].map(
      ({ at }): Item => ({
        tone: 'doubtful',
        text: `The numbers at ${name}=${at} are invalid: the limit may be the generator's, not the server's.`,
      }),
    ),
  ];
}

/** Answer of a search, with the worst verdict on its runs. */
function doubted(answer: Item, levels: readonly Level[]): Item {
  const verdicts = levels.flatMap(({ runs }) => runs.map(({ verdict }) => verdict));
  const worst = (['invalid', 'suspect'] as const).find((verdict) => verdicts.includes(verdict));
  if (worst === undefined) return answer;
  const text = answer.text.replace(/\.$/, `; the numbers are ${worst}.`);
  return { tone: answer.tone === 'bad' ? 'bad' : 'doubtful', text };
}

function boundsText({ range, precision, tried }: Capacity, passing: number, failing: number): string {
  const apart = percent((failing - passing) / passing);
  const times = (level: number) => tried.filter((each) => each.level === level).length;
  const asked = (failing - passing) / passing > precision ? ', neighbours' : '';
  return `The capacity lies from ${passing} to below ${failing} ${range.name}, bounds that are ${apart} apart${asked}; ${passing} was run ${times(passing)} times, ${failing} ${times(failing)} times.`;
}

/** Objectives missed by the last failed run of a level. */
function missesOf({ tried }: Capacity, level: number | undefined): readonly Miss[] {
  return tried.filter((each) => each.level === level && !each.met).at(-1)?.misses ?? [];
}

/** `llm_ttft p(95)<500 was 731ms, 46.20% beyond it`. */
function missesText(misses: readonly Miss[]): string {
  return misses
    .map(({ text, metric, source, observed, beyond, cutOff }) => {
      const why = metric.startsWith('llm_session_') ? ': no session ended within the load, which has to be longer' : '';
      if (observed === undefined) return `${text} had no sample${why}`;
      const by = beyond === undefined ? '' : `, ${percent(beyond)} beyond it`;
      const least =
        cutOff === undefined ? '' : ` or more (${count(cutOff)} of the sessions were cut off later than the limit)`;
      return `${text} was ${observedText(metric, source, observed)}${least}${by}`;
    })
    .join('; ');
}

/** Observed value of a condition, in its metric's unit. */
function observedText(metric: string, source: string, observed: number): string {
  if (metric === 'dropped_iterations' && source.startsWith('share')) return percent(observed);
  const aggregation = parseCondition(source)?.aggregation ?? 'value';
  return metricValue(builtInForm(baseName(metric)), aggregation, observed);
}

/** Notes needed to read the levels, without duplicates. */
export function notesOf({ axis, series, runs }: Sweep): readonly Item[] {
  const named = ({ values }: Level) =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
  const levels = series.flatMap((each) => each.levels);
  return [
    ...series.flatMap(({ knee, name }): Item[] => {
      const of = name === '' ? '' : `${name}: `;
      return knee ? [{ tone: 'muted', text: of + kneeText(knee, axis) }] : [];
    }),
    ...series.flatMap(({ name, levels: own }): Item[] => {
      const text = cacheText(own, axis);
      return text === undefined ? [] : [{ tone: 'doubtful', text: (name === '' ? '' : `${name}: `) + text }];
    }),
    ...levels.flatMap((level) =>
      level.runs.flatMap(({ cutShort }): Item[] =>
        cutShort ? [{ tone: 'muted', text: `${named(level)} was cut short: ${cutShort}` }] : [],
      ),
    ),
    ...cutOffNotes(levels, axis),
    ...caveatsOf(levels, axis),
    ...runs.flatMap(({ name, state, reason }): Item[] => {
      return state === 'failed' || state === 'interrupted'
        ? [{ tone: 'bad', text: `${name} ${state}: ${reason}` }]
        : [];
    }),
  ];
}

/** Levels most of whose sessions have no end. */
function cutOffNotes(levels: readonly Level[], axis: string): readonly Item[] {
  return levels.flatMap(({ values, runs }): Item[] => {
    const texts = runs.flatMap(({ sessions }) => (sessions && cutOffText(sessions)) ?? []);
    const [first] = texts;
    return first === undefined ? [] : [{ tone: 'doubtful', text: `${axis}=${values[axis]}: ${first}` }];
  });
}

/** Caveats of levels; reasons that differ only in their numbers appear once. */
function caveatsOf(levels: readonly Level[], axis: string): readonly Item[] {
  const found = new Map<
    string,
    { readonly reason: string; readonly isInvalid: boolean; readonly places: Set<string> }
  >();
  for (const { values, runs } of levels) {
    for (const { verdict, reasons } of runs) {
      for (const reason of verdict === 'valid' ? [] : reasons) {
        const key = generalised(reason);
        const known = found.get(key) ?? { reason, isInvalid: verdict === 'invalid', places: new Set() };
        found.set(key, known);
        known.places.add(values[axis] ?? '');
      }
    }
  }
  return [...found.values()].map(({ reason, isInvalid, places }) => {
    const text = `${axis}=${[...places].join(', ')}: ${reason}${places.size > 1 ? ' (and similar)' : ''}`;
    return { tone: isInvalid ? 'bad' : 'doubtful', text };
  });
}

/** Reason without its numbers. */
function generalised(reason: string): string {
  return reason.replace(/\d[\d.,]*/g, '#');
}
