import type { MetricSummary, Summary } from '../../engine/metrics/snapshot.js';
import type { LineChart, Point } from '../document/chart.js';
import { count, duration, percent } from '../format.js';
import { LATENCIES, rounded } from './time-charts.js';

/** Number of bars of a distribution, of equal width. */
const BINS = 60;

/** Axes of a distribution. */
export const DISTRIBUTION = {
  x: { name: 'latency', unit: 'time' },
  y: { name: 'share of the samples', unit: 'share' },
} as const;

/** Most that a distribution extends beyond its 95th percentile, as a factor. Else an outlier would flatten it. */
const LONGEST_TAIL = 2.5;

type Histogram = NonNullable<MetricSummary['histogram']>;

/** Distribution of each latency in the headline window. */
export function distributionCharts({ metrics }: Summary): readonly LineChart[] {
  return LATENCIES.flatMap(([name, title]) => {
    const { histogram, values } = metrics[`llm_${name}`] ?? {};
    if (!histogram || !values || !(values.max! > 0)) return [];
    const limit = limitOf([values]);
    const beyond = shareBeyond(histogram, limit);
    const chart: LineChart = {
      title,
      ...(beyond > 0 && {
        note: `${percent(beyond)} of the samples, up to ${duration(values.max ?? 0)}, are beyond the right edge.`,
      }),
      ...DISTRIBUTION,
      lines: [
        {
          label: `share of ${count(values.samples ?? values.count ?? 0)} samples`,
          color: 1,
          style: 'bars',
          points: binned(histogram, limit),
        },
      ],
      marks: MARKED.flatMap(([label, key]) => (values[key] === undefined ? [] : [{ label, at: values[key] }])),
    };
    return [chart];
  });
}

const MARKED = [
  ['p50', 'med'],
  ['p95', 'p(95)'],
  ['p99', 'p(99)'],
] as const;

/** End of the x axis for distributions with these values. */
export function limitOf(all: readonly MetricSummary['values'][]): number {
  return Math.max(...all.map(({ max = 0, 'p(95)': p95 = max }) => Math.min(max, p95 * LONGEST_TAIL))) * 1.0001;
}

/** Share of all samples in each bar, at its center. */
export function binned({ values, counts }: Histogram, limit: number): readonly (Point & { readonly y: number })[] {
  const bins = Array.from({ length: BINS }, () => 0);
  const all = counts.reduce((sum, each) => sum + each, 0);
  for (const [index, value] of values.entries()) {
    const bin = Math.floor((value / limit) * BINS);
    if (bin < BINS) bins[bin] = (bins[bin] ?? 0) + (counts[index] ?? 0) / all;
  }
  return bins.map((share, bin) => ({ x: rounded(((bin + 0.5) * limit) / BINS), y: rounded(share) }));
}

function shareBeyond({ values, counts }: Histogram, limit: number): number {
  const all = counts.reduce((sum, each) => sum + each, 0);
  return counts.reduce((sum, each, index) => ((values[index] ?? 0) > limit ? sum + each : sum), 0) / all;
}
