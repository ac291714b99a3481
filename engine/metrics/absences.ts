import type { FailureGroup } from './delta.js';
import type { IntervalPoint } from './interval-point.js';
import type { Span } from './snapshot.js';

/** Least length of an absence, in seconds. A single refused connection is none. */
const SHORTEST = 0.5;

/**
 * Spans in which no server could be reached, in seconds. Every request that ended failed, and most of these failures
 * were of the connection. Since the load started.
 */
export function absencesOf(failures: readonly FailureGroup[], points: () => readonly IntervalPoint[]): readonly Span[] {
  const unreached = failures.filter(({ kind }) => kind === 'connect');
  if (unreached.length === 0) return [];
  const first = Math.min(...unreached.map(({ firstAt }) => firstAt)) / 1000;
  const last = Math.max(...unreached.map(({ lastAt }) => lastAt)) / 1000;
  const spans: { from: number; to: number; failed: number }[] = [];
  let current: (typeof spans)[number] | undefined;
  for (const { at, seconds, requests, failed } of points()) {
    const end = at + seconds;
    if (end < first || at > last || failed < requests) {
      current = undefined;
    } else if (requests > 0) {
      if (!current) {
        // The first failure may be of an interval that began well.
        current = { from: first > at - seconds ? first : at, to: end, failed: 0 };
        spans.push(current);
      }
      current.to = last < end + seconds ? last : end;
      current.failed += failed;
    }
  }
  const refused = unreached.reduce((sum, { count }) => sum + count, 0);
  const failed = spans.reduce((sum, span) => sum + span.failed, 0);
  if (refused < failed / 2) return [];
  return spans.filter(({ from, to }) => to - from >= SHORTEST).map(({ from, to }) => ({ from, to }));
}
