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
type Curve = readonly [label: string, color: number, style: Line['style'], of: Value, compared?: string | undefined];

/** Chart over time, left out if no number is above zero. */
interface TimeChart {
  readonly title: string;
  readonly y: LineChart['y'];
  readonly curves: readonly Curve[];
  readonly note?: (intervals: readonly RecordedInterval[]) => string;
}

const chart = (
  title: string,
  name: string,
  unit: Unit,
  curves: readonly Curve[],
  more: { readonly note?: TimeChart['note']; readonly reach?: number } = {},
): TimeChart => {
  const { note, reach } = more;
  return { title, y: { name, unit, ...(reach !== undefined && { reach }) }, curves, ...(note && { note }) };
};

/** Charts over time of a run. */
export const TIME_CHARTS: readonly TimeChart[] = [
  chart('Output tokens per second', 'tokens/s', 'count', [
    ['tokens/s', 1, 'area', (each) => each.outputTokens / each.seconds, 'Output tokens per second'],
  ]),
  chart('Users and requests in flight', 'users, requests', 'count', [
    ['users planned', 9, 'dashed', ({ planned }) => planned.vus],
    ['users active', 4, 'line', ({ vus }) => vus],
    ['requests in flight', 5, 'line', ({ concurrency }) => concurrency, 'Requests in flight'],
  ]),
  chart('Requests per second', 'requests/s', 'count', [
    ['iterations/s planned', 9, 'dashed', ({ planned }) => planned.rate],
    ['ended/s', 1, 'area', (each) => each.requests / each.seconds],
  ]),
  chart(
    'Failures',
    'requests/s, iterations/s',
    'count',
    [
      ['failed/s', 3, 'area', (each) => each.failed / each.seconds, 'Failed requests per second'],
      ['iterations dropped/s', 2, 'line', (each) => each.dropped / each.seconds],
    ],
    {
      note: (all) =>
        `${amount(
          all.reduce((sum, { failed }) => sum + failed, 0),
          'request',
        )} failed in all.`,
    },
  ),
  ...LATENCIES.map(([name, title]) => {
    const curve = (key: 'p50' | 'p95' | 'p99', color: number, compared?: string): Curve => {
      return [key, color, 'line', ({ [name]: point }) => point[key], compared];
    };
    return chart(title, 'latency', 'time', [curve('p50', 1), curve('p95', 2, `${title}, p95`), curve('p99', 3)]);
  }),
  chart('Generator: event-loop delay', 'delay', 'time', [['delay p99', 4, 'line', ({ loopDelay }) => loopDelay]], {
    note: () => 'The 99th percentile of the worst worker. High values here are in the latencies as well.',
    reach: 2,
  }),
  chart(
    'Generator: utilization',
    'share of the time',
    'share',
    [['busy', 4, 'area', ({ utilization }) => utilization]],
    {
      ...{ note: () => 'The busiest worker. Above 80 % its numbers are doubtful.', reach: 1 },
    },
  ),
];

/** Axis of time. */
export const SECONDS = { name: 'time since the load began', unit: 'seconds' } as const;

/** Charts over time of a run. Those without data are left out. */
export function timeCharts(summary: Pick<Summary, 'intervals' | 'windows'>): readonly LineChart[] {
  const { intervals, windows } = summary;
  const places = timeline(summary);
  return TIME_CHARTS.flatMap(({ title, note, y, curves }): LineChart[] => {
    const lines = curves
      .filter(([, , , of]) => intervals.some((interval) => (of(interval) ?? 0) > 0))
      .map(([label, color, style, of]) => {
        const points = places.map(({ at, interval }) => ({ x: at, y: interval ? rounded(of(interval)) : null }));
        return { label, color, style, points };
      });
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
