import type { FigureName, Level } from '../../engine/results/sweep/level.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import type { LevelSeries } from '../../engine/results/sweep/table.js';
import { colorsFor } from '../document/axis.js';
import type { BarChart, Line, LineChart, Unit } from '../document/chart.js';
import { rounded } from '../run/time-charts.js';
import { hasSessions } from './level-columns.js';

/** Figure of a chart and its name there. */
type Figure = readonly [FigureName, string];

const latency = (title: string, name: 'ttft' | 'tpot' | 'e2e') => {
  const figures: Figure[] = [
    [`${name}P95`, 'p95'],
    [`${name}P50`, 'p50'],
    [`${name}P99`, 'p99'],
  ];
  return [title, 'time', 'latency', figures] as const;
};

/** Lines of each chart: all of them for a single series. Else the first per series. */
const CHARTS: readonly (readonly [title: string, unit: Unit, name: string, figures: readonly Figure[]])[] = [
  ['Output tokens per second', 'count', 'tokens/s', [['outputTokensPerSecond', 'tokens/s']]],
  ['Requests per minute', 'count', 'requests/min', [['requestsPerMinute', 'requests/min']]],
  latency('Time to first token (TTFT)', 'ttft'),
  latency('Time per output token (TPOT)', 'tpot'),
  latency('End-to-end latency (E2E)', 'e2e'),
  ['Sessions per hour', 'count', 'sessions/hour', [['sessionsPerHour', 'sessions/hour']]],
  [
    ...(['Duration of a session', 'time', 'duration'] as const),
    [
      ['sessionP95', 'p95'],
      ['sessionP50', 'p50'],
    ],
  ],
  ['Cost of a session', 'count', 'cost', [['costPerSession', 'cost']]],
  ['Requests that failed', 'share', 'share of the requests', [['failed', 'failed']]],
];

/** Charts against the axis; none where its values are not numbers. */
export function sweepCharts({ axis, series, capacity }: Sweep): readonly LineChart[] {
  const levels = series.flatMap((each) => each.levels);
  if (levels.length < 2 || levels.some(({ at }) => at === undefined)) return [];
  const { passing, failing } = capacity?.found ?? {};
  const marks = [
    ...(passing === undefined ? [] : [{ at: passing, label: 'meets' }]),
    ...(failing === undefined ? [] : [{ at: failing, label: 'misses' }]),
  ];
  const colorOf = colorsFor(series.map(({ name }) => name));
  const xs = [...new Set(levels.map(({ at = 0 }) => at))].sort((a, b) => a - b);
  const isOne = series.length === 1;
  return CHARTS.flatMap(([title, unit, name, figures]): LineChart[] => {
    const lines = series.flatMap((each) =>
      (isOne ? figures : figures.slice(0, 1)).flatMap(([figure, label], which) => {
        const named = isOne ? { label, color: which + 1 } : { label: each.name, color: colorOf(each.name) };
        return linesOf(each.levels, xs, figure, named, isOne && which === 0);
      }),
    );
    const isSeen = lines.some(({ points }) => points.some(({ y }) => y !== null && (unit !== 'share' || y > 0)));
    const percentile = isOne || figures.length === 1 ? '' : `, ${figures[0]?.[1]}`;
    const axes = { x: { name: axis, unit: 'count' }, y: { name, unit } } as const;
    return isSeen ? [{ title: title + percentile, ...axes, lines, marks }] : [];
  });
}

/** Median of a level's runs; where asked for, with least and most. */
function linesOf(
  levels: readonly Level[],
  xs: readonly number[],
  figure: FigureName,
  { label, color }: Pick<Line, 'label' | 'color'>,
  withSpread: boolean,
): readonly Line[] {
  const of = (which: 'median' | 'least' | 'most') =>
    xs.map((x) => ({ x, y: rounded(levels.find(({ at }) => at === x)?.[which][figure] ?? null) }));
  const isSimulated = levels.every(({ runs }) => runs.every(({ simulated }) => simulated));
  const spread = withSpread && levels.some(({ runs }) => runs.length > 1) ? (['least', 'most'] as const) : [];
  return [
    { label, color, style: isSimulated ? 'simulated' : 'marked', points: of('median') },
    ...spread.map((which): Line => ({ label: `${label}, ${which}`, color, style: 'dashed', points: of(which) })),
  ];
}

/** Throughput and TTFT of the levels as bars, or those of sessions. All series have one scale. */
export function levelBars({ axis, series }: Sweep, { name, levels }: LevelSeries): readonly BarChart[] {
  if (levels.length < 2) return [];
  const chart = (title: string, unit: Unit, figure: FigureName): BarChart => ({
    title: name === '' ? title : `${title}, ${name}`,
    y: {
      ...{ name: title, unit },
      reach: Math.max(0, ...series.flatMap((each) => each.levels.map(({ median }) => median[figure] ?? 0))),
    },
    groups: levels.map(({ values, median, runs }) => {
      const value = median[figure];
      const isHollow = runs.every(({ simulated }) => simulated);
      const bars = value === undefined ? [] : [{ label: title, color: 1, isHollow, value, title }];
      return { over: '', label: values[axis] ?? '', bars };
    }),
  });
  return levels.some(hasSessions)
    ? [chart('SESSIONS/HOUR', 'count', 'sessionsPerHour'), chart('SESSION P95', 'time', 'sessionP95')]
    : [chart('OUTPUT TOKENS/S', 'count', 'outputTokensPerSecond'), chart('TTFT P95', 'time', 'ttftP95')];
}
