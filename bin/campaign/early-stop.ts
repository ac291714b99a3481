import type { Snapshot, Summary } from '../../engine/metrics/snapshot.js';
import { hopeless } from '../../engine/results/sweep/saturation.js';

/** How often a run is asked whether it may still end well, in milliseconds: drawing up its record takes a moment. */
const PERIOD = 5000;

/** Gives a run up where two looks, `period` ms apart, find the same reason why it cannot meet its objectives any more. */
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
