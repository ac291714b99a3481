import type { RateLeg } from './rate.js';

/** Shortest load, in milliseconds: a recording of one arrival takes no time. */
export const SHORTEST = 1000;

/** Most pieces of the displayed rate of a recording. Each is at least a second. */
const PIECES = 120;

/** Arrivals a second, piece by piece. */
export function legsOf(due: Float64Array, duration: number): RateLeg[] {
  const length = duration / Math.min(PIECES, Math.max(1, Math.floor(duration / 1000)));
  const counts = new Array<number>(Math.round(duration / length)).fill(0);
  for (const at of due) counts[Math.min(counts.length - 1, Math.floor(at / length))]! += 1;
  return counts.map((count) => {
    const rate = (count * 1000) / length;
    return { duration: length, from: rate, to: rate };
  });
}
