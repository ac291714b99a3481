import type { Histogram } from '../../engine/metrics/histogram.js';

/** Most buckets, as OpenTelemetry has by default. */
const MOST_BUCKETS = 160;

/** Finest scale: buckets of 0.27 %, the finest that Prometheus takes. */
const FINEST = 8;

/** Distribution in buckets that grow exponentially. Bucket i ends at 2^((offset + i + 1) / 2^scale), inclusive. */
export interface Exponential {
  readonly scale: number;
  /** Values too small for our own buckets: zero. */
  readonly zeroCount: number;
  readonly offset: number;
  readonly counts: readonly number[];
}

/**
 * Distribution in exponential buckets, at the finest scale with 160 of them. `factor` converts its values. Each of our
 * buckets goes whole into one of these by its lowest value, so an edge is off by 0.1 % at most. Scales only get coarser
 * as a distribution grows.
 */
export function exponential(histogram: Histogram, factor = 1): Exponential {
  const { values, counts } = histogram.buckets();
  const isZero = values[0] === 0;
  const zeroCount = isZero ? (counts[0] ?? 0) : 0;
  const first = isZero ? 1 : 0;
  if (values.length === first) return { scale: FINEST, zeroCount, offset: 0, counts: [] };
  const indexOf = (value: number, scale: number) => Math.ceil(Math.log2(value * factor) * 2 ** scale) - 1;
  const [low, high] = [values[first] ?? 0, values.at(-1) ?? 0];
  let scale = FINEST;
  while (indexOf(high, scale) - indexOf(low, scale) >= MOST_BUCKETS) scale -= 1;
  const offset = indexOf(low, scale);
  const found = new Array<number>(indexOf(high, scale) - offset + 1).fill(0);
  for (let i = first; i < values.length; i += 1) {
    const place = indexOf(values[i] ?? 0, scale) - offset;
    found[place] = (found[place] ?? 0) + (counts[i] ?? 0);
  }
  return { scale, zeroCount, offset, counts: found };
}
