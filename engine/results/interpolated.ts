import type { MetricSummary, Values } from '../metrics/snapshot.js';
import { percentOf } from '../metrics/thresholds.js';

/** Percentiles of a saved distribution, interpolated as NumPy does. Keys are those of `values`. */
export function interpolatedIn(
  values: Values,
  { values: buckets, counts }: NonNullable<MetricSummary['histogram']>,
): Record<string, number> {
  const all = counts.reduce((sum, count) => sum + count, 0);
  /** The sample at a place from 0, by its bucket. */
  const sampleAt = (place: number) => {
    let seen = 0;
    for (let index = 0; index < counts.length; index += 1) {
      seen += counts[index] ?? 0;
      if (seen > place) return buckets[index] ?? 0;
    }
    return buckets.at(-1) ?? 0;
  };
  const found: Record<string, number> = {};
  for (const key of Object.keys(values)) {
    const percent = key === 'med' ? 50 : key.startsWith('p(') ? percentOf(key) : undefined;
    if (percent === undefined || all === 0) continue;
    const place = ((all - 1) * percent) / 100;
    const below = sampleAt(Math.floor(place));
    found[key] = below + (sampleAt(Math.ceil(place)) - below) * (place % 1);
  }
  return found;
}
