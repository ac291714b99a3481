import type { FigureName, Level } from '../../engine/results/sweep/level.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import { colorsFor } from '../document/axis.js';
import type { Line, LineChart, Unit } from '../document/chart.js';
import { rounded } from '../run/time-charts.js';

/** Lines of each chart: all of them for a single series. Else the first per series. */
const CHARTS: readonly (readonly [
  title: string,
  y: Unit,
  yName: string,
  lines: readonly (readonly [FigureName, string])[],
])[] = [
  ['Output tokens per second', 'count', 'tokens/s', [['outputTokensPerSecond', 'tokens/s']]],
  ['Requests per minute', 'count', 'requests/min', [['requestsPerMinute', 'requests/min']]],
  [
    'Time to first token (TTFT)',
    'time',
    'latency',
    [
      ['ttftP95', 'p95'],
      ['ttftP50', 'p50'],
      ['ttftP99', 'p99'],
    ],
  ],
  [
    'Time per output token (TPOT)',
    'time',
    'latency',
    [
      ['tpotP95', 'p95'],
      ['tpotP50', 'p50'],
      ['tpotP99', 'p99'],
    ],
  ],
  [
    'End-to-end latency (E2E)',
    'time',
    'latency',
    [
      ['e2eP95', 'p95'],
      ['e2eP50', 'p50'],
      ['e2eP99', 'p99'],
    ],
  ],
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
  return CHARTS.flatMap(([title, y, yName, figures]): LineChart[] => {
    const isOne = series.length === 1;
    const lines = series.flatMap(({ name, levels: own }) =>
      (isOne ? figures : figures.slice(0, 1)).flatMap(([figure, label], which) => {
        const color = isOne ? which + 1 : colorOf(name);
        return linesOf(own, xs, figure, { label: isOne ? label : name, color, withSpread: isOne && which === 0 });
      }),
    );
    const isSeen = lines.some(({ points }) =>
      points.some((point) => point.y !== null && (y !== 'share' || point.y > 0)),
    );
    const percentile = isOne || figures.length === 1 ? '' : `, ${figures[0]?.[1]}`;
    const axes = { x: { name: axis, unit: 'count' }, y: { name: yName, unit: y } } as const;
    return isSeen ? [{ title: title + percentile, ...axes, lines, marks }] : [];
  });
}

/** Median of a level's runs; where asked for, with least and most. */
function linesOf(
  levels: readonly Level[],
  xs: readonly number[],
  figure: FigureName,
  { label, color, withSpread }: { readonly label: string; readonly color: number; readonly withSpread: boolean },
): readonly Line[] {
  const of = (which: 'median' | 'least' | 'most') =>
    xs.map((x) => ({ x, y: rounded(levels.find(({ at }) => at === x)?.[which][figure] ?? null) }));
  const isSimulated = levels.every(({ runs }) => runs.every(({ simulated }) => simulated));
  const spread = withSpread && levels.some(({ runs }) => runs.length > 1);
  return [
    { label, color, style: isSimulated ? 'simulated' : 'marked', points: of('median') },
    ...(spread
      ? (['least', 'most'] as const).map(
          (which): Line => ({ label: `${label}, ${which}`, color, style: 'dashed', points: of(which) }),
        )
      : []),
  ];
}
