import { samplesNeeded } from './thresholds.js';

/** Probability that a quantile lies beyond either bound. Together 1 %. */
const TAIL = 0.005;

/** Standard normal quantile of that probability. */
const Z = 2.5758293035489;

/** Beyond this variance the binomial distribution is taken for normal. */
const LARGE = 1000;

/**
 * Sample shares that bound a quantile at 99 % confidence. They are those of order statistics by the binomial
 * distribution (David and Nagaraja, Order Statistics, 7.1), for any distribution of the samples. Undefined where too
 * few samples lie beyond the quantile to bound it.
 */
export function quantileShares(share: number, samples: number): readonly [low: number, high: number] | undefined {
  const n = Math.floor(samples);
  if (n < Math.max(2, samplesNeeded(100 * Math.max(share, 1 - share)))) return undefined;
  // The lower bound is the upper one of the samples in descending order.
  const high = upperRank(share, n);
  const low = n + 1 - upperRank(1 - share, n);
  // In the middle of a rank, so that rounding does not lead to its neighbour.
  return high > n || low < 1 ? undefined : [(low - 0.5) / n, (high - 0.5) / n];
}

/**
 * Upper bound of a quantile, as a rank. The least u for which u or more of n samples lie up to the quantile with a
 * probability of at most 0.5 %.
 */
function upperRank(share: number, n: number): number {
  const beyond = 1 - share;
  const variance = n * share * beyond;
  if (variance > LARGE) return Math.ceil(n * share + Z * Math.sqrt(variance) + 1);
  // Samples beyond the quantile, from none on: sums of binomial probabilities, by their logarithms.
  let logarithm = n * Math.log(share);
  let sum = 0;
  for (let above = 0; above <= n; above += 1) {
    sum += Math.exp(logarithm);
    if (sum > TAIL) return n - above + 1;
    logarithm += Math.log(((n - above) / (above + 1)) * (beyond / share));
  }
  return 0;
}
