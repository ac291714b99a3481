import type { Snapshot, Summary } from '../../engine/metrics/snapshot.js';
import { certainMiss } from '../../engine/results/sweep/saturation.js';

/** Interval of checks whether a run can still end well, in milliseconds. Building its record takes a moment. */
const PERIOD = 5000;

/**
 * Ends a run that surely misses a threshold in two checks. Both must find the same reason; they are
 * `period` ms apart.
 */
export function earlyStop(
  period = PERIOD,
): (snapshot: Snapshot, recordSoFar: () => Summary | undefined) => string | undefined {
  let lookedAt = 0;
  let before: string | undefined;
  return ({ elapsed, state, thresholds }, recordSoFar) => {
    if (state !== 'running' || elapsed - lookedAt < period || thresholds.every(({ ok }) => ok)) return undefined;
    lookedAt = elapsed;
    const record = recordSoFar();
    const now = record && certainMiss(record);
    const isSame = now !== undefined && now === before;
    before = now;
    return isSame ? now : undefined;
  };
}
