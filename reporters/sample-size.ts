import type { MetricSummary } from '../engine/metrics/snapshot.js';
import { samplesNeeded } from '../engine/metrics/thresholds.js';
import { count } from './format.js';

/** Mark of a percentile that has too few samples. */
export const FEW_SAMPLES = '*';

/** Percentiles whose required sample counts the footnote lists. */
const LISTED = [50, 90, 95, 99, 99.9];

/** Percentile of a value key: 50 for `med`, 95 for `p(95)`. */
function percentileOf(key: string): number | undefined {
  if (key === 'med') return 50;
  const found = /^p\(([\d.]+)\)$/.exec(key);
  return found ? Number(found[1]) : undefined;
}

/** True if a metric has too few samples for this key's percentile. */
export function isUnbounded(metric: MetricSummary | undefined, key: string): boolean {
  const percentile = percentileOf(key);
  if (percentile === undefined || metric?.unbounded === undefined) return false;
  return metric.unbounded.some((other) => percentileOf(other) === percentile);
}

/** True if `samples` are too few for the percentile under this key. */
export function isTooFew(samples: number, key: string): boolean {
  const percentile = percentileOf(key);
  return percentile !== undefined && samples < samplesNeeded(percentile);
}

/** Footnote that explains the mark. */
export const FEW_SAMPLES_MEANING = `too few samples to bound this percentile at 99 % confidence, which takes ${LISTED.map(
  (percentile) => `${count(samplesNeeded(percentile))} for p${percentile}`,
).join(', ')}`;
