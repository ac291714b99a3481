/** Distribution in decimal buckets, or a change of one. Non-empty buckets, ascending. Plain data. */
export interface DecimalCounts {
  readonly count: number;
  /** Exact, as are minimum and maximum, which are 0 when empty. */
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** Nothing counted. */
export const NO_COUNTS: DecimalCounts = { count: 0, sum: 0, min: 0, max: 0, values: [], counts: [] };

/**
 * Bucket in which Locust counts a response time. To 1 ms below 100 ms, 10 ms below 1 s, 100 ms below 10 s, else 1 s.
 * The unrounded time selects the step, and halves are rounded to even, as in Python.
 */
export function locustBucket(ms: number): number {
  return roundTo(ms, ms < 100 ? 1 : ms < 1000 ? 10 : ms < 10_000 ? 100 : 1000);
}

/**
 * Bucket of three significant digits, but no finer than 0.01. For values for which Locust's buckets are too coarse,
 * such as times per token.
 */
export function fineBucket(ms: number): number {
  const hundredths = ms * 100;
  return roundTo(hundredths, 10 ** Math.max(0, Math.floor(Math.log10(hundredths)) - 2)) / 100;
}

/** Rounds to a multiple of an integer, halves to even. */
function roundTo(value: number, step: number): number {
  const rest = value % step;
  const below = value - rest;
  const isUp = rest * 2 > step || (rest * 2 === step && (below / step) % 2 === 1);
  return isUp ? below + step : below;
}

/** Histogram with buckets by a given rule. Its size grows with the buckets, not with the values. */
export class DecimalHistogram {
  readonly #bucketOf: (value: number) => number;
  /** Non-empty buckets, ascending, and their counts. */
  #values: number[] = [];
  #counts: number[] = [];
  count = 0;
  sum = 0;
  min = 0;
  max = 0;

  constructor(bucketOf: (value: number) => number) {
    this.#bucketOf = bucketOf;
  }

  record(value: number, times = 1): void {
    this.#include(value, value);
    this.count += times;
    this.sum += value * times;
    this.#addTo(this.#bucketOf(value), times);
  }

  /** Adds the counts of another histogram of the same rule. */
  add({ count, sum, min, max, values, counts }: DecimalCounts): void {
    if (count === 0) return;
    this.#include(min, max);
    this.count += count;
    this.sum += sum;
    for (let i = 0; i < values.length; i += 1) this.#addTo(values[i] ?? 0, counts[i] ?? 0);
  }

  /** Everything counted so far, without a copy: valid until the next value. */
  get counted(): DecimalCounts {
    const { count, sum, min, max } = this;
    return { count, sum, min, max, values: this.#values, counts: this.#counts };
  }

  /** Everything counted so far. */
  toCounts(): DecimalCounts {
    return { ...this.counted, values: this.#values.slice(), counts: this.#counts.slice() };
  }

  /** Takes out everything counted so far. */
  drain(): DecimalCounts {
    if (this.count === 0) return NO_COUNTS;
    const drained = this.counted;
    this.#values = [];
    this.#counts = [];
    this.count = 0;
    this.sum = 0;
    return drained;
  }

  /** Widens minimum and maximum; called before the count is raised. */
  #include(min: number, max: number): void {
    const isFirst = this.count === 0;
    if (isFirst || min < this.min) this.min = min;
    if (isFirst || max > this.max) this.max = max;
  }

  #addTo(bucket: number, times: number): void {
    const index = this.#indexOf(bucket);
    if (this.#values[index] === bucket) {
      this.#counts[index] = (this.#counts[index] ?? 0) + times;
    } else {
      this.#values.splice(index, 0, bucket);
      this.#counts.splice(index, 0, times);
    }
  }

  /** Index of a bucket, or where it belongs: a binary search. */
  #indexOf(bucket: number): number {
    let low = 0;
    let high = this.#values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#values[middle] ?? 0) < bucket) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Distributions of one rule, put together. */
export function sumOfCounts(parts: readonly DecimalCounts[]): DecimalCounts {
  const [first = NO_COUNTS] = parts;
  if (parts.length < 2) return first;
  const sum = new DecimalHistogram(Number);
  for (const part of parts) sum.add(part);
  return sum.toCounts();
}

/** Locust's percentile for a share from 0 to 1; 0 when empty. The bucket of the value with index ⌊n · share⌋. */
export function locustPercentile({ count, values, counts }: DecimalCounts, share: number): number {
  let index = Math.min(count - 1, Math.floor(count * share));
  for (let i = 0; i < values.length; i += 1) {
    index -= counts[i] ?? 0;
    if (index < 0) return values[i] ?? 0;
  }
  return 0;
}

/** Locust's median: its percentile 0.5, clamped to the exact extremes. */
export function locustMedian(counted: DecimalCounts): number {
  return Math.min(Math.max(locustPercentile(counted, 0.5), counted.min), counted.max);
}

/** Its mean; 0 of nothing. */
export function meanOf({ count, sum }: DecimalCounts): number {
  return count === 0 ? 0 : sum / count;
}
