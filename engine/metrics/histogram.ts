import hdr from 'hdr-histogram-js/dist/Float64Histogram.js';
import type { Contains } from './catalogue.js';
import type { HistogramDelta } from './histogram-delta.js';
import { eachBucket, type PackedDelta } from './packed-delta.js';

/**
 * Significant decimal digits of every histogram. A percentile is off by at most 0.1 %, or half a microsecond
 * (millionth).
 */
export const SIGNIFICANT_DIGITS = 3;

/** Bits of the steps within a bucket: at least 2 × 10³. */
const SUB_BUCKET_BITS = 10;

/** Resolution: times in microseconds, up to an hour. Other values in millionths, up to nine billion. */
const RESOLUTION: Readonly<Record<'time' | 'other', { readonly scale: number; readonly highest: number }>> = {
  time: { scale: 1000, highest: 3_600_000_000 },
  other: { scale: 1_000_000, highest: Number.MAX_SAFE_INTEGER },
};

/**
 * A distribution in bounded memory. Percentiles come from HDR buckets; count, sum, mean, deviation, minimum and
 * maximum are exact. Values must be finite and not negative; others are refused (hdr would accept NaN and throw later).
 */
export class Histogram {
  readonly contains: Contains;
  readonly #scale: number;
  readonly #highest: number;
  readonly #buckets: InstanceType<typeof hdr.default>;
  /** A bit for each bucket, set where it is not empty. A list would grow for hours, with each new bucket. */
  readonly #touched: Uint32Array;
  count = 0;
  sum = 0;
  sumOfSquares = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  constructor(contains: Contains) {
    const { scale, highest } = RESOLUTION[contains === 'time' ? 'time' : 'other'];
    this.contains = contains;
    this.#scale = scale;
    this.#highest = highest;
    this.#buckets = new hdr.default(1, highest, SIGNIFICANT_DIGITS);
    this.#touched = new Uint32Array((this.indexOf(highest / scale) >>> 5) + 1);
  }

  /** Records `value` (milliseconds for times) `times` times. Returns false when it cannot be recorded. */
  record(value: number, times = 1): boolean {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return false;
    this.#addAt(this.indexOf(value), times);
    this.count += times;
    this.sum += value * times;
    this.sumOfSquares += value * value * times;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    return true;
  }

  /** Index of a value's bucket; indexes ascend with values. */
  indexOf(value: number): number {
    const steps = Math.min(Math.round(value * this.#scale), this.#highest);
    if (steps >= 2 ** 31) return this.#buckets.countsArrayIndex(steps);
    // Equal to the library's index, whose logarithm and power would be most of the cost of recording a value.
    const bucket = Math.max(0, 31 - SUB_BUCKET_BITS - Math.clz32(steps));
    return (bucket << SUB_BUCKET_BITS) + (steps >>> bucket);
  }

  /** Adds what another histogram of the same contents has recorded. */
  add(delta: HistogramDelta | PackedDelta): void {
    if (delta.count === 0) return;
    if ('bytes' in delta) eachBucket(delta, (index, times) => this.#addAt(index, times));
    else for (let i = 0; i < delta.indexes.length; i += 1) this.#addAt(delta.indexes[i] ?? 0, delta.counts[i] ?? 0);
    this.count += delta.count;
    this.sum += delta.sum;
    this.sumOfSquares += delta.sumOfSquares;
    this.min = Math.min(this.min, delta.min);
    this.max = Math.max(this.max, delta.max);
  }

  /** Everything recorded so far, as sparse buckets in ascending order. */
  toDelta(): HistogramDelta {
    const indexes = Int32Array.from(this.#indexes());
    const counts = new Float64Array(indexes.length);
    for (let i = 0; i < indexes.length; i += 1) counts[i] = this.#buckets.getCountAtIndex(indexes[i] ?? 0);
    const { count, sum, sumOfSquares, min, max } = this;
    return { count, sum, sumOfSquares, min, max, indexes, counts };
  }

  /** Takes out everything recorded so far and leaves the histogram empty. */
  drain(): HistogramDelta {
    const delta = this.toDelta();
    for (const index of delta.indexes) {
      this.#buckets.setCountAtIndex(index, 0);
      this.#touched[index >>> 5] = 0;
    }
    this.#buckets.setTotalCount(0);
    this.count = 0;
    this.sum = 0;
    this.sumOfSquares = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    return delta;
  }

  /** Percentile `p` (0 to 100), in the metric's unit; undefined when empty. */
  percentile(p: number): number | undefined {
    if (this.count === 0) return undefined;
    if (p <= 0) return this.min;
    if (p >= 100) return this.max;
    const value = this.#buckets.getValueAtPercentile(p) / this.#scale;
    return Math.min(Math.max(value, this.min), this.max);
  }

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count;
  }

  /** Standard deviation of the recorded values, as of a whole population. */
  get deviation(): number | undefined {
    if (this.count === 0) return undefined;
    const mean = this.sum / this.count;
    return Math.sqrt(Math.max(0, this.sumOfSquares / this.count - mean * mean));
  }

  /** Lowest value and count of each touched bucket. They rebuild an equal histogram. */
  buckets(): { readonly values: number[]; readonly counts: number[] } {
    const { indexes, counts } = this.toDelta();
    return {
      values: Array.from(indexes, (index) => this.#buckets.valueFromIndex(index) / this.#scale),
      counts: Array.from(counts),
    };
  }

  #addAt(index: number, times: number): void {
    const word = index >>> 5;
    this.#touched[word] = (this.#touched[word] ?? 0) | (1 << (index & 31));
    this.#buckets.addToCountAtIndex(index, times);
    this.#buckets.addToTotalCount(times);
  }

  /** Indexes of the touched buckets, ascending. */
  #indexes(): number[] {
    const indexes: number[] = [];
    if (this.count === 0) return indexes;
    const last = this.indexOf(this.max) >>> 5;
    for (let word = this.indexOf(this.min) >>> 5; word <= last; word += 1) {
      // The lowest bit that is set, one after the other.
      for (let bits = this.#touched[word] ?? 0; bits !== 0; bits &= bits - 1) {
        indexes.push((word << 5) + 31 - Math.clz32(bits & -bits));
      }
    }
    return indexes;
  }
}

const NOTHING = { count: 0, sum: 0, sumOfSquares: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };

/** A histogram delta of nothing. */
export const EMPTY_DELTA: HistogramDelta = { ...NOTHING, indexes: new Int32Array(0), counts: new Float64Array(0) };

let merging: Histogram | undefined;

/** Distributions of times in one; buckets stay sparse and in ascending order. */
export function mergeTimes(deltas: readonly (HistogramDelta | PackedDelta)[]): HistogramDelta {
  const [only, another] = deltas.filter(({ count }) => count > 0);
  if (!only) return EMPTY_DELTA;
  if (!another && 'indexes' in only) return only;
  // One histogram for all merging: opening one costs far more than filling it.
  merging ??= new Histogram('time');
  for (const delta of deltas) merging.add(delta);
  return merging.drain();
}
