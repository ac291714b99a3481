import type { Level } from './level.js';

/** Where output tokens a second stop growing. */
export interface Knee {
  /** The first level that has nearly all of the throughput that there is. */
  readonly at: number;
  /** The level before it, which has not: the knee lies between the two. Undefined where there is none. */
  readonly after: number | undefined;
  /** Output tokens a second at the knee, and the most at any level. */
  readonly throughput: number;
  readonly most: number;
  /** Whether the throughput still grew at the highest level, so that the knee lies at it or above. */
  readonly isOpen: boolean;
}

/** What counts as nearly all: no level above has so much more. */
const NEARLY = 0.95;

/** Finds the knee of levels in rising order; undefined where fewer than three have a throughput. */
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
