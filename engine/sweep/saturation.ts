import type { RecordedInterval, Summary } from '../metrics/snapshot.js';
import { parseCondition } from '../metrics/thresholds.js';

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
  for (const { metric, source } of missed) {
    const condition = parseCondition(source);
    const bounds = condition && metrics[metric]?.confidence?.[condition.aggregation];
    if (!condition || !bounds) continue;
    const isBeyond = condition.operator.startsWith('<') ? bounds[0] > condition.limit : bounds[1] < condition.limit;
    if (isBeyond && condition.operator !== '==') return `${metric} ${source} is missed beyond doubt`;
  }
  const [first] = missed;
  const isOpen = plan.scenarios.some(({ executor }) => executor.endsWith('-arrival-rate'));
  const within = intervals.filter(({ at, seconds }) => at >= steady.from && at + seconds <= steady.to);
  if (first && isOpen && isGrowing(within)) return `${first.metric} ${first.source} is missed and the queue grows`;
  return undefined;
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
