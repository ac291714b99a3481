import { BUILT_IN } from '../../engine/metrics/catalogue.js';
import { FOLLOWED } from '../../engine/metrics/delta.js';
import type { LatencyPoint } from '../../engine/metrics/interval-point.js';
import type { RecordedInterval, Summary } from '../../engine/metrics/snapshot.js';
import type { Chart, Line } from '../document/chart.js';
import { amount } from '../format.js';

/** Latencies charted over time. */
export const LATENCIES = FOLLOWED.map((name) => {
  const { title, label } = BUILT_IN[`llm_${name}`];
  return [name, `${title} (${label})`] as const;
});

const PERCENTILES = [
  ['p50', 1],
  ['p95', 2],
  ['p99', 3],
] as const;

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

/** Charts over time. Those without data are left out. */
export function timeCharts(summary: Summary): readonly Chart[] {
  const points = timeline(summary);
  if (points.length === 0) return [];
  const { steady } = summary.windows;
  const common = {
    x: 'seconds',
    xName: 'time since the load began',
    xs: points.map(({ at }) => at),
    ...(steady && { shaded: steady }),
  } as const;
  const line = (
    label: string,
    color: Line['color'],
    style: Line['style'],
    of: (interval: RecordedInterval) => number | null,
  ): Line => ({ label, color, style, values: points.map(({ interval }) => (interval ? rounded(of(interval)) : null)) });
  const any = (of: (interval: RecordedInterval) => number) => summary.intervals.some((interval) => of(interval) > 0);
  const users = any(({ planned }) => planned.vus);
  const rate = any(({ planned }) => planned.rate);
  const failed = summary.intervals.reduce((sum, interval) => sum + interval.failed, 0);
  const dropped = any((interval) => interval.dropped);

  const charts: (Chart | false)[] = [
    any(({ outputTokens }) => outputTokens) && {
      ...common,
      title: 'Output tokens per second',
      y: 'count',
      yName: 'tokens/s',
      lines: [line('tokens/s', 1, 'area', ({ outputTokens, seconds }) => outputTokens / seconds)],
    },
    {
      ...common,
      title: 'Users and requests in flight',
      y: 'count',
      yName: 'users, requests',
      lines: [
        ...(users ? [line('users planned', 9, 'dashed', ({ planned }) => planned.vus)] : []),
        line('users active', 4, 'line', ({ vus }) => vus),
        line('requests in flight', 5, 'line', ({ concurrency }) => concurrency),
      ],
    },
    any(({ requests }) => requests) && {
      ...common,
      title: 'Requests per second',
      y: 'count',
      yName: 'requests/s',
      lines: [
        ...(rate ? [line('iterations/s planned', 9, 'dashed', ({ planned }) => planned.rate)] : []),
        line('ended/s', 1, 'area', ({ requests, seconds }) => requests / seconds),
      ],
    },
    (failed > 0 || dropped) && {
      ...common,
      title: 'Failures',
      note: `${amount(failed, 'request')} failed in all.`,
      y: 'count',
      yName: dropped ? 'requests/s, iterations/s' : 'requests/s',
      lines: [
        line('failed/s', 3, 'area', (interval) => interval.failed / interval.seconds),
        ...(dropped
          ? [line('iterations dropped/s', 2, 'line', (interval) => interval.dropped / interval.seconds)]
          : []),
      ],
    },
    ...LATENCIES.map(
      ([name, title]): Chart | false =>
        any((interval) => interval[name].count) && {
          ...common,
          title,
          y: 'time',
          yName: 'latency',
          lines: PERCENTILES.map(([key, color]) => line(key, color, 'line', ({ [name]: of }) => percentile(of, key))),
        },
    ),
    {
      ...common,
      title: 'Generator: event-loop delay',
      note: 'The 99th percentile of the worst worker. High values here are in the latencies as well.',
      y: 'time',
      yName: 'delay',
      reach: 2,
      lines: [line('delay p99', 4, 'line', ({ loopDelay }) => loopDelay)],
    },
    {
      ...common,
      title: 'Generator: utilization',
      note: 'The busiest worker. Above 80 % its numbers are doubtful.',
      y: 'share',
      yName: 'share of the time',
      reach: 1,
      lines: [line('busy', 4, 'area', ({ utilization }) => utilization)],
    },
  ];
  return charts.filter((chart) => chart !== false);
}

function percentile(point: LatencyPoint, key: 'p50' | 'p95' | 'p99'): number | null {
  return point[key];
}

/** Number rounded to five digits, more than a screen shows. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5));
}
