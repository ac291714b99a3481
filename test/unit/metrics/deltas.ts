import { EMPTY_DELTA, Histogram } from '../../../engine/metrics/histogram.js';
import type { HistogramDelta } from '../../../engine/metrics/histogram-delta.js';
import type { ReportedDelta } from '../../../engine/metrics/intervals.js';
import type { IntervalFigures } from '../../../engine/metrics/series-figures.js';

/** Delta of a histogram with these times in milliseconds. */
export function times(...values: readonly number[]): HistogramDelta {
  const histogram = new Histogram('time');
  for (const value of values) assert(histogram.record(value));
  return histogram.toDelta();
}

/** Figures of an interval, by default nothing. */
export function liveOf(given: Partial<IntervalFigures> = {}): IntervalFigures {
  return {
    latencies: { ttft: EMPTY_DELTA, tpot: EMPTY_DELTA, itl: EMPTY_DELTA, e2e: EMPTY_DELTA },
    requests: 0,
    failed: 0,
    dropped: 0,
    outputTokens: 0,
    lateTokens: [],
    inputTokens: 0,
    inFlightTime: 0,
    inFlightPeak: 0,
    inFlight: 0,
    loopDelay: EMPTY_DELTA,
    utilization: 0,
    ...given,
  };
}

/** A delta of a worker's first second, where nothing else is said. */
export function deltaOf({
  live,
  ...given
}: Partial<Omit<ReportedDelta, 'live'>> & { live?: Partial<IntervalFigures> } = {}): ReportedDelta {
  return {
    worker: 0,
    from: 0,
    to: 1000,
    series: [],
    rows: [],
    failures: [],
    errors: [],
    warnings: [],
    scenarios: [],
    ...given,
    live: liveOf(live),
  };
}

/** One scenario with this number of active users. */
export function withUsers(activeVus: number): Pick<ReportedDelta, 'scenarios'> {
  return {
    scenarios: [
      {
        scenario: 'default',
        activeVus,
        initializedVus: activeVus,
        iterations: 0,
        interrupted: 0,
        dropped: 0,
        ended: false,
      },
    ],
  };
}

function assert(recorded: boolean): void {
  if (!recorded) throw new Error('the value cannot be recorded');
}
