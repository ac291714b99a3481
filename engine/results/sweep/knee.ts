import type { Level } from './level.js';

/** Point at which output tokens per second stop growing. */
export interface Knee {
  /** First level with nearly all of the throughput. */
  readonly at: number;
  /** Level before it; the knee lies between the two. Undefined if there is none. */
  readonly after: number | undefined;
  /** Output tokens per second at the knee, and at the best level. */
  readonly throughput: number;
  readonly most: number;
  /** True if throughput still grew at the highest level. The knee is there or above. */
  readonly isOpen: boolean;
}

/** Share of the greatest throughput that counts as nearly all. */
const NEARLY = 0.95;

/** Finds the knee of levels in rising order. Undefined with fewer than three throughputs. */
export function kneeOf(levels: readonly Pick<Level, 'at' | 'median'>[]): Knee | undefined {
  const points = levels.flatMap(({ at, median }) => {
    const throughput = median.outputTokensPerSecond;
    return at === undefined || throughput === undefined ? [] : [{ at, throughput }];
  });
  if (points.length < 3) return undefined;
  const most = Math.max(...points.map(({ throughput }) => throughput));
  const index = points.findIndex(({ throughput }) => throughput >= NEARLY * most);
  const knee = points[index];
  if (!knee || most <= 0) return undefined;
  return { ...knee, after: points[index - 1]?.at, most, isOpen: index === points.length - 1 };
}
