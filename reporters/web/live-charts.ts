import type { RecordedInterval, Snapshot } from '../../engine/metrics/snapshot.js';
import type { LineChart } from '../document/chart.js';
import type { Plotted } from '../document/plotted.js';
import { rounded, SECONDS, TIME_CHARTS } from '../run/time-charts.js';

/** Point in time. Seconds since the load started, then a value for each line of all charts. */
export type LivePoint = readonly [at: number, ...values: (number | null)[]];

type Moment = RecordedInterval & Pick<Snapshot, 'server' | 'gpu'>;
type Curve = readonly [
  label: string,
  color: number,
  style: 'line' | 'area' | 'dashed',
  of: (moment: Moment) => number | null,
];

interface LiveChart {
  readonly title: string;
  readonly y: LineChart['y'];
  readonly curves: readonly Curve[];
}

const CHARTS: readonly LiveChart[] = [
  ...TIME_CHARTS.map(({ title, y, curves }): LiveChart => {
    return { title, y, curves: curves.map(([label, color, style, of]) => [label, color, style as Curve[2], of]) };
  }),
  {
    title: 'Server: requests',
    y: { name: 'requests', unit: 'count' },
    curves: [
      ['waiting', 2, 'line', ({ server }) => server?.figures?.waiting ?? null],
      ['running', 1, 'line', ({ server }) => server?.figures?.running ?? null],
    ],
  },
  {
    title: 'Power of the cards',
    y: { name: 'watts', unit: 'count' },
    curves: [['W', 2, 'area', ({ gpu }) => gpu?.point?.power ?? null]],
  },
];

/** Charts of the page, without points. */
export const EMPTY_CHARTS: readonly Plotted[] = CHARTS.map(({ title, y, curves }) => ({
  ...{ title, x: SECONDS, y, xs: [] },
  lines: curves.map(([label, color, style]) => ({ label, color, style, values: [] })),
}));

/** Point of a snapshot's last interval; undefined before the first. */
export function livePoint({ interval, planned, server, gpu }: Snapshot): LivePoint | undefined {
  if (!interval) return undefined;
  const moment: Moment = { ...interval, planned: { vus: planned ?? 0, rate: 0 }, server, gpu };
  const values = CHARTS.flatMap(({ curves }) => curves.map(([, , , of]) => rounded(of(moment))));
  return [interval.at + interval.seconds / 2, ...values];
}
