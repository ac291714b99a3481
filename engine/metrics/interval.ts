import { FOLLOWED, type Followed } from './delta.js';
import { EMPTY_DELTA, Histogram, mergeTimes } from './histogram.js';
import type { HistogramDelta } from './histogram-delta.js';
import type { IntervalPoint, LatencyPoint } from './interval-point.js';
import type { PackedDelta } from './packed-delta.js';

/** Sums of one interval. */
interface Sums {
  readonly requests: number;
  readonly failed: number;
  readonly dropped: number;
  readonly outputTokens: number;
  readonly inputTokens: number;
  readonly inFlightTime: number;
  readonly utilization: number;
}

/** The most of one worker in an interval. */
export interface WorkerPeak {
  readonly vus: number;
  readonly inFlightPeak: number;
}

/** Interval without distributions. `byWorker` has the most of each worker, which may report more than once. */
export interface CountedFigures extends Sums {
  readonly byWorker: ReadonlyMap<number, WorkerPeak>;
}

/** Distributions of one interval. */
export interface Distributions<Distribution> {
  readonly latencies: Readonly<Record<Followed, Distribution>>;
  readonly loopDelay: Distribution;
}

/** One interval of a run. */
export interface Interval<Distribution = HistogramDelta | PackedDelta>
  extends CountedFigures,
    Distributions<Distribution> {}

/** Merged consecutive intervals. */
export interface Section extends Sums, Distributions<HistogramDelta> {
  readonly seconds: number;
}

/** Joins workers' records of one interval, or intervals in a row. */
export function joinIntervals(all: readonly Interval[]): Interval<HistogramDelta> {
  const sum = (figure: (interval: Interval) => number) => all.reduce((total, each) => total + figure(each), 0);
  const byWorker = new Map<number, WorkerPeak>();
  for (const [worker, { vus, inFlightPeak }] of all.flatMap((each) => [...each.byWorker])) {
    const known = byWorker.get(worker) ?? { vus: 0, inFlightPeak: 0 };
    byWorker.set(worker, {
      vus: Math.max(known.vus, vus),
      inFlightPeak: Math.max(known.inFlightPeak, inFlightPeak),
    });
  }
  return {
    latencies: byName((name) => mergeTimes(all.map(({ latencies }) => latencies[name]))),
    loopDelay: mergeTimes(all.map(({ loopDelay }) => loopDelay)),
    requests: sum(({ requests }) => requests),
    failed: sum(({ failed }) => failed),
    dropped: sum(({ dropped }) => dropped),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    inFlightTime: sum(({ inFlightTime }) => inFlightTime),
    utilization: Math.max(...all.map(({ utilization }) => utilization)),
    byWorker,
  };
}

/** Figures of an interval that need its distributions. */
export interface Quantiles extends Readonly<Record<Followed, LatencyPoint>> {
  readonly loopDelay: number | null;
}

/** Percentiles of an interval's distributions. */
export function quantilesOf({ latencies, loopDelay }: Interval): Quantiles {
  return { ...byName((name) => latencyPoint(latencies[name])), loopDelay: latencyPoint(loopDelay).p99 };
}

/** Numbers of one interval. It begins at `from` and lasts `width`, in milliseconds. */
export function toPoint(interval: CountedFigures, quantiles: Quantiles, from: number, width: number): IntervalPoint {
  const workers = [...interval.byWorker.values()];
  const { loopDelay, ...latencies } = quantiles;
  return {
    at: from / 1000,
    seconds: width / 1000,
    vus: workers.reduce((sum, { vus }) => sum + vus, 0),
    concurrency: interval.inFlightTime / width,
    concurrencyPeak: workers.reduce((sum, { inFlightPeak }) => sum + inFlightPeak, 0),
    requests: interval.requests,
    failed: interval.failed,
    dropped: interval.dropped,
    outputTokens: interval.outputTokens,
    inputTokens: interval.inputTokens,
    ...latencies,
    loopDelay,
    utilization: interval.utilization,
  };
}

/** Makes a record by followed latency. */
export function byName<Value>(make: (name: Followed) => Value): Record<Followed, Value> {
  return Object.fromEntries(FOLLOWED.map((name) => [name, make(name)])) as Record<Followed, Value>;
}

/** Scratch histogram for all points. Creating one costs far more than filling it. */
const scratch = new Histogram('time');

/** Percentiles and count of a distribution. */
export function latencyPoint(delta: HistogramDelta | PackedDelta = EMPTY_DELTA): LatencyPoint {
  scratch.add(delta);
  const point: LatencyPoint = {
    count: scratch.count,
    p50: scratch.percentile(50) ?? null,
    p95: scratch.percentile(95) ?? null,
    p99: scratch.percentile(99) ?? null,
  };
  scratch.drain();
  return point;
}
