import type { Histogram } from './histogram.js';
import type { Inflation } from './snapshot.js';

/**
 * Estimated latency added by the generator, from its event loop delays. They are probed at instants of a regular grid:
 * what arrives while a loop is busy is noted when its turn comes. docs/metrics.md derives the formulas. Null where no
 * event loop was probed, or nothing was streamed.
 */
export function estimateInflation(delays: Histogram | undefined, medianItl: number | undefined): Inflation | null {
  const ttft = delays?.mean;
  const p99 = delays?.percentile(99);
  if (!delays || ttft === undefined || p99 === undefined || medianItl === undefined) return null;
  return { ttft, itl: meanWithin(delays, medianItl), p99 };
}

/**
 * Estimated latency added by a native reader, from its probed delays. Its instants are the
 * kernel's, so only events that are read together with a later one of their stream are late: by whole gaps. Gaps share
 * the tokens of a read and stay true. Null where nothing was streamed.
 */
export function estimateSharedReads(delays: Histogram, medianItl: number | undefined): Inflation | null {
  if (medianItl === undefined || medianItl <= 0 || delays.count === 0) return null;
  const late = (delay: number) => Math.floor(delay / medianItl) * medianItl;
  const { values, counts } = delays.buckets();
  const sum = values.reduce((total, value, i) => total + late(value) * (counts[i] ?? 0), 0);
  return { ttft: sum / delays.count, itl: 0, p99: late(delays.percentile(99) ?? 0) };
}

/**
 * Mean of the values, those above a limit as 0. A later event comes in the same read as one that waits for longer than a
 * gap, and both share the gap to the read before.
 */
function meanWithin(histogram: Histogram, limit: number): number {
  if (histogram.max <= limit) return histogram.mean ?? 0;
  const { values, counts } = histogram.buckets();
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (value <= limit) sum += value * (counts[i] ?? 0);
  }
  return sum / histogram.count;
}
