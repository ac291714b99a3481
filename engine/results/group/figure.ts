import { studentQuantile } from '../../metrics/confidence.js';
import type { Bounds, MetricSummary } from '../../metrics/snapshot.js';
import { percentOf } from '../../metrics/thresholds.js';
import { type Estimate, estimateOf, percentileOf } from '../confidence-interval.js';
import type { RunRecord } from '../recorded-run.js';

/** A figure of one setting: of its run, or the mean of its repeats. */
export interface Figure {
  readonly value: number;
  /** At 99 % confidence; undefined where nothing tells. */
  readonly bounds?: Bounds;
  /** Whether the bounds took samples for independent, and so may be too narrow. */
  readonly asIfIndependent: boolean;
}

/** So many repeats show by themselves how far they spread. */
const REPEATS_WITH_SPREAD = 3;

/**
 * A figure of the runs of one setting; undefined where one of them does not have it. Repeats are combined to their mean. The bounds of
 * three and more are those of a mean by Student's distribution, from how much the repeats vary: what varies between runs, such as
 * placement and caches, is in them. Two tell too little of that, so theirs reach from the lowest bound of either to the highest.
 */
export function figureOf(
  records: readonly Pick<RunRecord, 'metrics'>[],
  metric: string,
  key: string,
): Figure | undefined {
  const found = records.map(({ metrics }) => figureIn(metrics[metric], key));
  const figures = found.filter((each) => each !== undefined);
  const [first] = figures;
  if (!first || figures.length < records.length) return undefined;
  return figures.length === 1 ? first : combined(figures);
}

/** A figure of a metric in one run. A percentile that the record does not name comes from its distribution. */
function figureIn(metric: MetricSummary | undefined, key: string): Figure | undefined {
  if (!metric) return undefined;
  const value = metric.values[key] ?? fromDistribution(metric, key);
  if (value === undefined) return undefined;
  const estimate = estimateOf({ ...metric, values: { ...metric.values, [key]: value } }, key);
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

/** A figure with bounds as an estimate, which can be held against another. */
export function asEstimate({ value, bounds, asIfIndependent }: Figure): Estimate | undefined {
  return bounds && { value, bounds, asIfIndependent };
}

/** The mean of some numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
