import type { SessionRecord } from '../../engine/metrics/session-record.js';
import { count, shortDuration } from '../format.js';

/** Share of sessions without an end from which their durations mislead. */
const MISLEADING = 0.2;

/** Caveat about sessions that the end of the load cut off. Undefined where they are few. */
export function cutOffText({ ended, unfinished, oldest = 0 }: Pick<SessionRecord, 'ended' | 'unfinished' | 'oldest'>) {
  if (unfinished <= MISLEADING * (ended + unfinished)) return undefined;
  const all = count(ended + unfinished);
  return `${count(unfinished)} of ${all} sessions were cut off, after up to ${shortDuration(oldest)}: those that ended are the short ones, so run it for several times that`;
}
