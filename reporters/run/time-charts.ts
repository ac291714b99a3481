import { BUILT_IN } from '../../engine/metrics/catalogue.js';
import { FOLLOWED } from '../../engine/metrics/delta.js';
import type { RecordedInterval, Summary } from '../../engine/metrics/snapshot.js';
import type { Line, LineChart, Unit } from '../document/chart.js';
import { amount } from '../format.js';

/** Latencies charted over time. */
export const LATENCIES = FOLLOWED.map((name) => {
  const { title, label } = BUILT_IN[`llm_${name}`];
  return [name, `${title} (${label})`] as const;
});

type Value = (interval: RecordedInterval) => number | null;

/** Curve of a chart over time. `compared` is the title of its chart in a comparison. */
interface Curve extends Omit<Line, 'points'> {
  readonly of: Value;
  readonly compared?: string | undefined;
}

/** Chart over time, left out if no number is above zero. */
interface TimeChart {
  readonly title: string;
  readonly y: LineChart['y'];
  readonly curves: readonly Curve[];
  readonly note?: (intervals: readonly RecordedInterval[]) => string;
}

const curve = (label: string, color: number, style: Line['style'], of: Value, compared?: string): Curve => {
  return { label, color, style, of, compared };
};
const perSecond =
  (of: (interval: RecordedInterval) => number): Value =>
  (interval) =>
    of(interval) / interval.seconds;
const axis = (name: string, unit: Unit = 'count') => ({ name, unit });

/** Charts over time of a run. */
export const TIME_CHARTS: readonly TimeChart[] = [
  {
    title: 'Output tokens per second',
    y: axis('tokens/s'),
    curves: [
      curve(
        'tokens/s',
        1,
        'area',
        perSecond(({ outputTokens }) => outputTokens),
        'Output tokens per second',
      ),
    ],
  },
  {
    title: 'Users and requests in flight',
    y: axis('users, requests'),
    curves: [
      curve('users planned', 9, 'dashed', ({ planned }) => planned.vus),
      curve('users active', 4, 'line', ({ vus }) => vus),
      curve('requests in flight', 5, 'line', ({ concurrency }) => concurrency, 'Requests in flight'),
    ],
  },
  {
    title: 'Requests per second',
    y: axis('requests/s'),
    curves: [
      curve('iterations/s planned', 9, 'dashed', ({ planned }) => planned.rate),
      curve(
        'ended/s',
        1,
        'area',
        perSecond(({ requests }) => requests),
      ),
    ],
  },
  {
    title: 'Failures',
    note: (all) =>
      `${amount(
        all.reduce((sum, { failed }) => sum + failed, 0),
        'request',
      )} failed in all.`,
    y: axis('requests/s, iterations/s'),
    curves: [
      curve(
        'failed/s',
        3,
        'area',
        perSecond(({ failed }) => failed),
        'Failed requests per second',
      ),
      curve(
        'iterations dropped/s',
        2,
        'line',
        perSecond(({ dropped }) => dropped),
      ),
    ],
  },
  ...LATENCIES.map(([name, title]) => ({
    title,
    y: axis('latency', 'time'),
    curves: (['p50', 'p95', 'p99'] as const).map((key, index) =>
      curve(key, index + 1, 'line', ({ [name]: point }) => point[key], key === 'p95' ? `${title}, p95` : undefined),
    ),
  })),
  {
    title: 'Generator: event-loop delay',
    note: () => 'The 99th percentile of the worst worker. High values here are in the latencies as well.',
    y: { ...axis('delay', 'time'), reach: 2 },
    curves: [curve('delay p99', 4, 'line', ({ loopDelay }) => loopDelay)],
  },
  {
    title: 'Generator: utilization',
    note: () => 'The busiest worker. Above 80 % its numbers are doubtful.',
    y: { ...axis('share of the time', 'share'), reach: 1 },
    curves: [curve('busy', 4, 'area', ({ utilization }) => utilization)],
  },
];

/** Axis of time. */
export const SECONDS = { name: 'time since the load began', unit: 'seconds' } as const;

/** Charts over time of a run. Those without data are left out. */
export function timeCharts(summary: Pick<Summary, 'intervals' | 'windows'>): readonly LineChart[] {
  const { intervals, windows } = summary;
  const places = timeline(summary);
  return TIME_CHARTS.flatMap(({ title, note, y, curves }): LineChart[] => {
    const lines = curves
      .filter(({ of }) => intervals.some((interval) => (of(interval) ?? 0) > 0))
      .map(({ of, compared: _, ...line }) => ({
        ...line,
        points: places.map(({ at, interval }) => ({ x: at, y: interval ? rounded(of(interval)) : null })),
      }));
    if (lines.length === 0) return [];
    return [
      { title, note: note?.(intervals), x: SECONDS, y, lines, ...(windows.steady && { shaded: windows.steady }) },
    ];
  });
}

/** Intervals of a run in order, undefined where one is missing. */
export function timeline({ intervals }: Pick<Summary, 'intervals'>): readonly {
  readonly at: number;
  readonly interval: RecordedInterval | undefined;
}[] {
  return intervals.flatMap((interval, index) => {
    const end = intervals[index - 1];
    const missed = end && interval.at - (end.at + end.seconds) > interval.seconds / 2;
    // The value of an interval is placed at its middle.
    const point = { at: interval.at + interval.seconds / 2, interval };
    return missed ? [{ at: end.at + 1.5 * end.seconds, interval: undefined }, point] : [point];
  });
}

/** Number rounded to five digits, more than a screen shows. */
export function rounded(value: number): number;
export function rounded(value: number | null): number | null;
export function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5));
}
