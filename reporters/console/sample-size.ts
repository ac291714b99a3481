import type { MetricSummary } from '../../engine/metrics/snapshot.js';
import { samplesNeeded } from '../../engine/metrics/thresholds.js';
import { count } from '../format.js';
import type { Page } from './section.js';

/** What stands behind a percentile that has too few samples. */
export const FEW_SAMPLES = '*';

/** The mark, of which the page takes note so that it is explained at the end. */
export function fewSamples(page: Page): string {
  page.footnotes.add('few samples');
  return FEW_SAMPLES;
}

/** Those of which the mark's meaning tells how many samples they take. */
const TOLD = [50, 90, 95, 99, 99.9];

/** The percentile of a key of values: 50 of `med`, 95 of `p(95)`. */
function percentileOf(key: string): number | undefined {
  if (key === 'med') return 50;
  const found = /^p\(([\d.]+)\)$/.exec(key);
  return found ? Number(found[1]) : undefined;
}

/** Whether a summarised metric has too few samples for the percentile under this key. */
export function isUnbounded(metric: MetricSummary | undefined, key: string): boolean {
  const percentile = percentileOf(key);
  if (percentile === undefined || metric?.unbounded === undefined) return false;
  return metric.unbounded.some((other) => percentileOf(other) === percentile);
}

/** Whether so many samples are too few for the percentile under this key. */
export function isTooFew(samples: number, key: string): boolean {
  const percentile = percentileOf(key);
  return percentile !== undefined && samples < samplesNeeded(percentile);
}

/** What the mark means. */
export const FEW_SAMPLES_MEANING = `too few samples to bound this percentile at 99 % confidence, which takes ${TOLD.map(
  (percentile) => `${count(samplesNeeded(percentile))} for p${percentile}`,
).join(', ')}`;
