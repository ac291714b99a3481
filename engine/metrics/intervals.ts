import { type Delta, FOLLOWED, type Followed } from './delta.js';
import { EMPTY_DELTA, Histogram, mergeTimes } from './histogram.js';
import type { HistogramDelta } from './histogram-delta.js';
import { INTERVAL, type IntervalPoint, type LatencyPoint } from './interval-point.js';
import { type PackedDelta, pack } from './packed-delta.js';

/** Most intervals; more are merged pairwise. So a run of any length keeps a bounded record. */
export const MOST_INTERVALS = 3600;

interface Interval {
  readonly latencies: Readonly<Record<Followed, HistogramDelta>>;
  readonly loopDelay: HistogramDelta;
  readonly requests: number;
  readonly failed: number;
  readonly dropped: number;
  readonly outputTokens: number;
  readonly inputTokens: number;
  readonly inFlightTime: number;
  readonly utilization: number;
  /** The most of each worker, which may report more than once. */
  readonly byWorker: ReadonlyMap<number, { readonly vus: number; readonly inFlightPeak: number }>;
}

/** Completed interval with packed distributions, the bulk of a long run's memory. */
interface PackedInterval extends Omit<Interval, 'latencies' | 'loopDelay'> {
  readonly latencies: Readonly<Record<Followed, PackedDelta>>;
  readonly loopDelay: PackedDelta;
  /** Figures of the interval, cached since it no longer changes. */
  readonly point: IntervalPoint;
}

/** Recent intervals that stay unpacked, for late reports of workers. An even later one costs a little more. */
const OPEN = 4;

/** Merged consecutive intervals. */
export interface Section extends Omit<Interval, 'byWorker'> {
  readonly seconds: number;
}

/** Run over time. Interval k covers [k, k + 1) × width since the load started. */
export class Intervals {
  #width: number;
  #length = 0;
  readonly #open = new Map<number, Interval>();
  #packed: (PackedInterval | undefined)[] = [];

  /** Takes the initial length of an interval, in milliseconds. Deltas should not be longer. */
  constructor(width = INTERVAL) {
    this.#width = width;
  }

  get width(): number {
    return this.#width;
  }

  /**
   * Adds a worker's delta to the interval of its middle. The end of a delta is a little late; a very late one leaves a
   * gap.
   */
  add({ worker, from, to, live, scenarios }: Delta): void {
    const index = Math.max(0, Math.floor((from + to) / 2 / this.#width));
    const vus = scenarios.reduce((sum, { activeVus }) => sum + activeVus, 0);
    const byWorker = new Map([[worker, { vus, inFlightPeak: live.inFlightPeak }]]);
    const before = this.#at(index);
    const now = { ...live, byWorker };
    this.#open.set(index, before ? join([before, now]) : now);
    this.#length = Math.max(this.#length, index + 1);
    if (this.#open.size > OPEN) this.#pack(Math.min(...this.#open.keys()));
    for (const [at, tokens] of live.lateTokens) this.#correct(Math.floor(at / this.#width), tokens);
    while (this.#length > MOST_INTERVALS) this.#halve();
  }

  /** Adds output tokens to an interval, or the latest one before. */
  #correct(index: number, tokens: number): void {
    let at = Math.min(index, this.#length - 1);
    while (at > 0 && !this.#at(at)) at -= 1;
    const open = this.#open.get(at);
    const packed = this.#packed[at];
    if (open) this.#open.set(at, { ...open, outputTokens: open.outputTokens + tokens });
    else if (packed) {
      const outputTokens = packed.outputTokens + tokens;
      this.#packed[at] = { ...packed, outputTokens, point: { ...packed.point, outputTokens } };
    }
  }

  /** Interval `index`, in numbers; undefined where nothing was reported. */
  point(index: number): IntervalPoint | undefined {
    const interval = this.#open.get(index);
    return interval ? toPoint(interval, index * this.#width, this.#width) : this.#packed[index]?.point;
  }

  /** Merges the intervals within [from, to) into at most `most` equal parts. */
  sections(from: number, to: number, most: number): Section[] {
    const first = Math.ceil(from / this.#width);
    const each = Math.max(1, Math.ceil((Math.floor(to / this.#width) - first) / most));
    const sections: Section[] = [];
    for (let index = first; (index + each) * this.#width <= to; index += each) {
      const parts = Array.from({ length: each }, (_, part) => this.#at(index + part)).filter(
        (part) => part !== undefined,
      );
      // A section with a missing interval would look like one without load.
      if (parts.length === each) sections.push({ ...join(parts), seconds: (each * this.#width) / 1000 });
    }
    return sections;
  }

  /** Every interval that was reported, in order. */
  points(): IntervalPoint[] {
    const points: IntervalPoint[] = [];
    for (let index = 0; index < this.#length; index += 1) {
      const point = this.point(index);
      if (point) points.push(point);
    }
    return points;
  }

  get length(): number {
    return this.#length;
  }

  #at(index: number): Interval | PackedInterval | undefined {
    return this.#open.get(index) ?? this.#packed[index];
  }

  #pack(index: number): void {
    const interval = this.#open.get(index);
    if (!interval) return;
    this.#packed[index] = packedOf(interval, index, this.#width);
    this.#open.delete(index);
  }

  #halve(): void {
    const width = 2 * this.#width;
    const halved: (PackedInterval | undefined)[] = [];
    for (let index = 0; index < this.#length; index += 2) {
      const both = [this.#at(index), this.#at(index + 1)].filter((interval) => interval !== undefined);
      halved.push(both.length > 0 ? packedOf(join(both), index / 2, width) : undefined);
    }
    this.#open.clear();
    this.#packed = halved;
    this.#length = halved.length;
    this.#width = width;
  }
}

function packedOf(interval: Interval, index: number, width: number): PackedInterval {
  const { latencies, loopDelay, ...figures } = interval;
  return {
    ...figures,
    latencies: byName((name) => pack(latencies[name])),
    loopDelay: pack(loopDelay),
    point: toPoint(interval, index * width, width),
  };
}

/** Workers' records of one interval, or intervals in a row. */
function join(all: readonly (Interval | PackedInterval)[]): Interval {
  const sum = (figure: (interval: Interval | PackedInterval) => number) =>
    all.reduce((total, each) => total + figure(each), 0);
  const byWorker = new Map<number, { readonly vus: number; readonly inFlightPeak: number }>();
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

function toPoint(interval: Interval, from: number, width: number): IntervalPoint {
  const seconds = width / 1000;
  const workers = [...interval.byWorker.values()];
  return {
    at: from / 1000,
    seconds,
    vus: workers.reduce((sum, { vus }) => sum + vus, 0),
    concurrency: interval.inFlightTime / width,
    concurrencyPeak: workers.reduce((sum, { inFlightPeak }) => sum + inFlightPeak, 0),
    requests: interval.requests,
    failed: interval.failed,
    dropped: interval.dropped,
    outputTokens: interval.outputTokens,
    inputTokens: interval.inputTokens,
    ...byName((name) => latencyPoint(interval.latencies[name])),
    loopDelay: latencyPoint(interval.loopDelay).p99,
    utilization: interval.utilization,
  };
}

/** Something of each latency that is followed. */
function byName<Value>(make: (name: Followed) => Value): Record<Followed, Value> {
  return Object.fromEntries(FOLLOWED.map((name) => [name, make(name)])) as Record<Followed, Value>;
}

/** Scratch histogram for all points. Creating one costs far more than filling it. */
const scratch = new Histogram('time');

/** Percentiles and count of a distribution. */
export function latencyPoint(delta: HistogramDelta = EMPTY_DELTA): LatencyPoint {
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
