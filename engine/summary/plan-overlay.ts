import { type LoadProfile, levelsAt, profileOf, sumProfiles } from '../executors/load-profile.js';
import type { IntervalPoint } from '../metrics/interval-point.js';
import type { RecordedInterval } from '../metrics/snapshot.js';
import type { SummaryInputs } from './summary-inputs.js';

/** Intervals, each with the planned load at its end. Scenarios count from their real starts. */
export function withPlan(
  points: readonly IntervalPoint[],
  { plan, timeline, aggregator }: Pick<SummaryInputs, 'plan' | 'timeline' | 'aggregator'>,
): RecordedInterval[] {
  const profiles = plan.scenarios.flatMap(({ name, load }): LoadProfile[] => {
    const start = timeline.startOf(name);
    if (start === undefined) return [];
    // With counted iterations the planned duration is only an upper limit.
    const counted = load.kind === 'closed' && load.iterations !== undefined;
    const lasted = counted ? (timeline.endOf(name) ?? Number.POSITIVE_INFINITY) - start : load.duration;
    return [profileOf({ ...load, duration: Math.min(load.duration, lasted) }, start)];
  });
  const ends = points.map(({ at, seconds }) => (at + seconds) * 1000);
  const vus = levelsAt(sumProfiles(profiles, 'VUs'), ends);
  const rate = levelsAt(sumProfiles(profiles, 'iterations/s'), ends);
  return points.map((point, index) => ({
    ...point,
    planned: { vus: vus[index] ?? 0, rate: rate[index] ?? 0 },
    ...(plan.share.count > 1 && { packed: packedText(aggregator.intervals.packedAt(point.at)) }),
  }));
}

function packedText(packed: Float64Array | undefined): string {
  return packed ? Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).toString('base64') : '';
}
