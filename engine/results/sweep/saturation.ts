import type { Bounds, RecordedInterval, Summary } from '../../metrics/snapshot.js';
import { parseCondition, percentOf } from '../../metrics/thresholds.js';

type Condition = NonNullable<ReturnType<typeof parseCondition>>;

/** Shortest observation of a growing queue, in seconds. */
const LONG_ENOUGH = 12;

/** Growth of requests in flight, first to last part, of a queue. */
const GROWTH = 1.5;

/**
 * Reason a running run cannot meet its objectives any more, in words. Undefined if it may. Its thresholds are the
 * objectives. Either the whole 99 % confidence interval of a figure is beyond its limit, or one is missed while the
 * queue of an open load grows.
 */
export function certainMiss({ thresholds, metrics, windows, intervals, plan }: Summary): string | undefined {
  const { steady } = windows;
  if (!steady || windows.headline !== 'steady') return undefined;
  const missed = thresholds.filter(({ ok, samples }) => !ok && samples > 0);
  const missedForSure = missed.find(({ metric, source }) => {
    const condition = parseCondition(source);
    return condition && isBeyond(condition, metrics[metric]?.confidence ?? {});
  });
  if (missedForSure) return `${missedForSure.metric} ${missedForSure.source} is certainly missed`;
  const [first] = missed;
  const isOpen = plan.scenarios.some(({ kind }) => kind === 'open');
  const within = intervals.filter(({ at, seconds }) => at >= steady.from && at + seconds <= steady.to);
  if (first && isOpen && isGrowing(within)) return `${first.metric} ${first.source} is missed and the queue grows`;
  return undefined;
}

/**
 * True if the whole confidence interval is beyond a limit. A percentile without bounds is at least as high as lower
 * ones, which get theirs sooner.
 */
function isBeyond({ aggregation, operator, limit }: Condition, bounds: Readonly<Record<string, Bounds>>): boolean {
  const own = bounds[aggregation];
  if (operator === '>' || operator === '>=') return own !== undefined && own[1] < limit;
  if (operator !== '<' && operator !== '<=') return false;
  const percent = percentileOf(aggregation);
  const lower = Object.entries(bounds).flatMap(([key, [low]]) => {
    const other = percentileOf(key);
    return key === aggregation || (percent !== undefined && other !== undefined && other <= percent) ? [low] : [];
  });
  return lower.some((low) => low > limit);
}

/** 95 of `p(95)`, 50 of `med`; undefined for all else. */
function percentileOf(aggregation: string): number | undefined {
  if (aggregation === 'med') return 50;
  return aggregation.startsWith('p(') ? percentOf(aggregation) : undefined;
}

/** True if requests in flight grow steadily. Each third has more than the one before, the last much more. */
export function isGrowing(intervals: readonly Pick<RecordedInterval, 'concurrency' | 'seconds'>[]): boolean {
  if (intervals.reduce((sum, { seconds }) => sum + seconds, 0) < LONG_ENOUGH) return false;
  const third = Math.floor(intervals.length / 3);
  const mean = (part: number) => {
    const own = intervals.slice(part * third, (part + 1) * third);
    return own.reduce((sum, { concurrency }) => sum + concurrency, 0) / own.length;
  };
  const [first, second, last] = [mean(0), mean(1), mean(2)];
  return first < second && second < last && last >= GROWTH * first + 1;
}
