import type { Snapshot, Summary } from '../../engine/metrics/snapshot.js';
import { hopeless } from '../../engine/results/sweep/saturation.js';

/** Interval of checks whether a run can still end well, in milliseconds. Building its record takes a moment. */
const PERIOD = 5000;

/**
 * Gives up a run that two consecutive checks find hopeless. Both must find the same reason; they are `period` ms apart.
 */
export function hopelessTwice(
  period = PERIOD,
): (snapshot: Snapshot, recordSoFar: () => Summary | undefined) => string | undefined {
  let lookedAt = 0;
  let before: string | undefined;
  return ({ elapsed, state, thresholds }, recordSoFar) => {
    if (state !== 'running' || elapsed - lookedAt < period || thresholds.every(({ ok }) => ok)) return undefined;
    lookedAt = elapsed;
    const record = recordSoFar();
    const now = record && hopeless(record);
    const isSame = now !== undefined && now === before;
    before = now;
    return isSame ? now : undefined;
  };
}
