import { type Histogram, SIGNIFICANT_DIGITS } from './histogram.js';
import type { HistogramDelta } from './histogram-delta.js';
import { quantileShares } from './quantile-bounds.js';
import type { Bounds, Values } from './snapshot.js';
import { percentOf } from './thresholds.js';

/** Confidence level of bounds: one figure in a hundred may lie outside. */
const CONFIDENCE = 0.99;

/** Standard normal quantile of that level, two-sided. */
const Z = 2.5758293035489;

/** Fewest parts from which a variance is estimated. */
const FEWEST_PARTS = 8;

/**
 * Consecutive part of a run, for a ratio `amount` / `of`. `amount` is tokens, late requests, …; `of` is seconds,
 * requests, ….
 */
export interface Part {
  readonly amount: number;
  readonly of: number;
}

/**
 * Half width of a ratio's confidence interval at 99 %. Undefined where parts are too few. The method of batch means
 * (Law, Simulation Modeling and Analysis, 9.5.3) for a ratio estimator (Cochran, Sampling Techniques, 6.3): parts that
 * are long compared with the correlation time vary independently, however much single requests depend on each other.
 * Where neighbours still correlate, with r > 0, the variance is (1 + r) / (1 − r) times as large, as in a first-order
 * autoregressive process.
 */
export function halfWidth(parts: readonly Part[]): number | undefined {
  const all = parts.reduce((sum, part) => sum + part.of, 0);
  if (parts.length < FEWEST_PARTS || all <= 0) return undefined;
  const ratio = parts.reduce((sum, part) => sum + part.amount, 0) / all;
  const rests = parts.map((part) => part.amount - ratio * part.of);
  const squares = rests.reduce((sum, rest) => sum + rest * rest, 0);
  const products = rests.reduce((sum, rest, index) => sum + rest * (rests[index + 1] ?? 0), 0);
  const correlation = squares === 0 ? 0 : Math.min(0.9, Math.max(0, products / squares));
  const freedom = parts.length - 1;
  const variance = ((parts.length / freedom) * squares * (1 + correlation)) / (1 - correlation) / all ** 2;
  return studentQuantile(freedom) * Math.sqrt(variance);
}

/** A distribution, and what each part of the run has of it. */
export interface Sectioned {
  readonly histogram: Histogram;
  readonly parts: readonly HistogramDelta[];
}

/**
 * The bounds of the mean and the percentiles among a distribution's values. Those of a percentile x are the samples between
 * which it lies by their ranks. Where the share of samples up to x varies from part to part by more than that of independent
 * samples, there are as many fewer of these (a design effect: Kish, Survey Sampling, 8.2).
 */
export function boundsOf({ histogram, parts }: Sectioned, values: Values): Record<string, Bounds> {
  const found: Record<string, Bounds> = {};
  const { avg } = values;
  const around = halfWidth(parts.map(({ sum, count }) => ({ amount: sum, of: count })));
  if (avg !== undefined && around !== undefined) found.avg = [Math.max(0, avg - around), avg + around];
  for (const key of Object.keys(values)) {
    const percent = key === 'med' ? 50 : key.startsWith('p(') ? percentOf(key) : undefined;
    if (percent === undefined) continue;
    const last = histogram.indexOf(values[key] ?? 0);
    const shares = parts.map((part) => ({ amount: countUpTo(part, last), of: part.count }));
    const samples = independentSamples(percent / 100, histogram.count, shares);
    const bounds = samples === undefined ? undefined : percentileBounds(histogram, percent / 100, samples);
    if (bounds) found[key] = bounds;
  }
  return found;
}

/** Number of independent samples with this precision of a share. Undefined where parts are too few. */
function independentSamples(share: number, samples: number, parts: readonly Part[]): number | undefined {
  const seen = halfWidth(parts);
  if (seen === undefined) return undefined;
  const expected = studentQuantile(parts.length - 1) * Math.sqrt((share * (1 - share)) / samples);
  return expected > 0 ? samples / Math.max(1, (seen / expected) ** 2) : samples;
}

/** Number of samples in the buckets up to this one. */
function countUpTo({ indexes, counts }: HistogramDelta, last: number): number {
  let sum = 0;
  for (let i = 0; i < indexes.length && (indexes[i] ?? 0) <= last; i += 1) sum += counts[i] ?? 0;
  return sum;
}

/** Bounds of a percentile, for this many independent samples. Undefined where they are too few. */
export function percentileBounds(
  histogram: Pick<Histogram, 'percentile'>,
  share: number,
  samples: number,
): Bounds | undefined {
  const shares = quantileShares(share, samples);
  if (!shares) return undefined;
  const [low, high] = shares.map((each) => histogram.percentile(100 * each));
  // A bucket stands for all values in it, and is named by the highest.
  return low === undefined || high === undefined ? undefined : [low * (1 - 10 ** -SIGNIFICANT_DIGITS), high];
}

/**
 * Wilson's score interval of a share (Wilson 1927, Probable inference). It holds for shares of 0 and 1 too. Where parts
 * of the run vary by more than independent requests would, the sample size is reduced accordingly.
 */
export function shareBounds(passes: number, total: number, parts: readonly Part[] = []): Bounds | undefined {
  if (total <= 0) return undefined;
  const share = passes / total;
  const seen = halfWidth(parts);
  const expected = Math.sqrt((share * (1 - share)) / total) * studentQuantile(Math.max(1, parts.length - 1));
  const n = seen !== undefined && expected > 0 ? total / Math.max(1, (seen / expected) ** 2) : total;
  const center = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const width = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return [Math.max(0, Math.min(share, center - width)), Math.min(1, Math.max(share, center + width))];
}

/** Half width of a mean's confidence interval at 99 %, for independent samples. */
export function meanWidth(deviation: number, samples: number): number {
  return (studentQuantile(samples - 1) * deviation) / Math.sqrt(samples - 1);
}

/** Two-sided quantile of Student's t at our confidence. `freedom` is a whole number. */
export function studentQuantile(freedom: number): number {
  // By then it is the normal distribution, to a thousandth.
  if (freedom > 1000) return Z;
  let low = Z;
  let high = 100;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (insideOf(middle, freedom) < CONFIDENCE) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability of Student's distribution within ±t (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
function insideOf(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const odd = freedom % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= ((k - 1) / k) * Math.cos(angle) ** 2;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
