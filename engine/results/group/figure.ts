import { studentQuantile } from '../../metrics/confidence.js';
import type { Bounds, MetricSummary } from '../../metrics/snapshot.js';
import { percentOf } from '../../metrics/thresholds.js';
import { type Estimate, estimateOf, percentileOf } from '../confidence-interval.js';
import { recordedBounds } from '../recorded-bounds.js';
import type { RunRecord } from '../recorded-run.js';

/** Figure of one setting: its run's, or the mean of its repeats. */
export interface Figure {
  readonly value: number;
  /** Bounds at 99 % confidence; undefined if unknown. */
  readonly bounds?: Bounds;
  /** True if the bounds assume independent samples. They may be too narrow then. */
  readonly asIfIndependent: boolean;
}

/** Least number of repeats whose spread gives the bounds. */
const REPEATS_WITH_SPREAD = 3;

/**
 * Figure of the runs of one setting. Undefined if one of them lacks it. Repeats are combined to their mean. For three
 * and more, the bounds follow from their spread by Student's distribution, which covers variation between runs, such as
 * placement and caches. Two are too few for that: their bounds reach from the lowest of either to the highest.
 */
export function figureOf(
  records: readonly Pick<RunRecord, 'metrics'>[],
  metric: string,
  key: string,
): Figure | undefined {
  const found = records.map(({ metrics }) => figureIn(metric, metrics[metric], key));
  const figures = found.filter((each) => each !== undefined);
  const [first] = figures;
  if (!first || figures.length < records.length) return undefined;
  return figures.length === 1 ? first : combined(figures);
}

/** Figure of a metric in one run. A percentile that the record lacks comes from the distribution. */
function figureIn(name: string, metric: MetricSummary | undefined, key: string): Figure | undefined {
  if (!metric) return undefined;
  const value = metric.values[key] ?? fromDistribution(metric, key);
  if (value === undefined) return undefined;
  const confidence = recordedBounds(name, metric);
  const values = { ...metric.values, [key]: value };
  const estimate = estimateOf({ ...metric, values, ...(confidence && { confidence }) }, key);
  return estimate ?? { value, asIfIndependent: false };
}

function fromDistribution({ histogram }: MetricSummary, key: string): number | undefined {
  return histogram && key.startsWith('p(') ? percentileOf(histogram, percentOf(key)) : undefined;
}

function combined(figures: readonly Figure[]): Figure {
  const value = mean(figures.map((figure) => figure.value));
  const asIfIndependent = figures.some((figure) => figure.asIfIndependent);
  if (figures.length >= REPEATS_WITH_SPREAD) {
    const freedom = figures.length - 1;
    const variance = figures.reduce((sum, figure) => sum + (figure.value - value) ** 2, 0) / freedom;
    const width = studentQuantile(freedom) * Math.sqrt(variance / figures.length);
    return { value, bounds: [Math.max(0, value - width), value + width], asIfIndependent: false };
  }
  const bounds = figures.flatMap((figure) => (figure.bounds ? [figure.bounds] : []));
  if (bounds.length < figures.length) return { value, asIfIndependent };
  const low = Math.min(...bounds.map(([each]) => each));
  const high = Math.max(...bounds.map(([, each]) => each));
  return { value, bounds: [low, high], asIfIndependent };
}

/** Figure with bounds as a comparable estimate. */
export function asEstimate({ value, bounds, asIfIndependent }: Figure): Estimate | undefined {
  return bounds && { value, bounds, asIfIndependent };
}

/** Mean of some numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
