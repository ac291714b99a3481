import { isOpenExecutor } from '../../metrics/open-executor.js';
import type { Bounds, RecordedInterval, Summary } from '../../metrics/snapshot.js';
import { parseCondition, percentOf } from '../../metrics/thresholds.js';

type Condition = NonNullable<ReturnType<typeof parseCondition>>;

/** A queue that grows is looked at over so many seconds at least. */
const LONG_ENOUGH = 12;

/** So much more is in flight in the last part of the steady state than in the first, where a queue grows. */
const GROWTH = 1.5;

/**
 * Why a run that goes on cannot meet its objectives any more, in words; undefined where it may. Its thresholds are the
 * objectives. Either all that one may well be lies beyond its limit (the bounds of its 99 % confidence), or one is not met
 * and the queue of an open load grows, so that it never will be.
 */
export function hopeless({ thresholds, metrics, windows, intervals, plan }: Summary): string | undefined {
  const { steady } = windows;
  if (!steady || windows.headline !== 'steady') return undefined;
  const missed = thresholds.filter(({ ok, samples }) => !ok && samples > 0);
  const hopelessOne = missed.find(({ metric, source }) => {
    const condition = parseCondition(source);
    return condition && isBeyond(condition, metrics[metric]?.confidence ?? {});
  });
  if (hopelessOne) return `${hopelessOne.metric} ${hopelessOne.source} is missed beyond doubt`;
  const [first] = missed;
  const isOpen = plan.scenarios.some(isOpenExecutor);
  const within = intervals.filter(({ at, seconds }) => at >= steady.from && at + seconds <= steady.to);
  if (first && isOpen && isGrowing(within)) return `${first.metric} ${first.source} is missed and the queue grows`;
  return undefined;
}

/**
 * Whether all that a figure may well be lies beyond a limit. A percentile that has no bounds yet is no less than the lower ones,
 * which have them sooner.
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

/** 95 of `p(95)`, 50 of `med`; undefined of all that is no percentile. */
function percentileOf(aggregation: string): number | undefined {
  if (aggregation === 'med') return 50;
  return aggregation.startsWith('p(') ? percentOf(aggregation) : undefined;
}

/** Whether what is in flight grows all the time: each third of the stretch has more than the one before, the last much more. */
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
