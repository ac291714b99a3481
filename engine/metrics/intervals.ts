import { type ChangedPoints, Changes } from './changed-points.js';
import type { Delta } from './delta.js';
import type { HistogramDelta } from './histogram-delta.js';
import { type Interval, joinIntervals, quantilesOf, type Section, toPoint } from './interval.js';
import { INTERVAL, type IntervalPoint } from './interval-point.js';
import {
  addOutputTokens,
  type PackedInterval,
  packedQuantiles,
  packInterval,
  unpackFigures,
  unpackInterval,
} from './packed-interval.js';
import type { IntervalFigures } from './series-figures.js';

/** Most intervals; more are merged pairwise. So a run of any length keeps a bounded record. */
export const MOST_INTERVALS = 3600;

/** Recent intervals that stay unpacked, for late reports of workers. An even later one costs a little more. */
const OPEN = 4;

/** Delta of a worker, with all figures of its interval. */
export interface ReportedDelta extends Delta {
  readonly live: IntervalFigures;
}

/** Interval of another machine. Its workers are numbered from `firstWorker`. */
export interface JoinedInterval {
  /** Its middle and length, in milliseconds since the load started. */
  readonly at: number;
  readonly width: number;
  readonly packed: () => PackedInterval;
  readonly firstWorker: number;
}

/** Run over time. Interval k covers [k, k + 1) × width since the load started. */
export class Intervals {
  #width: number;
  #length = 0;
  readonly #open = new Map<number, Interval<HistogramDelta>>();
  #packed: (PackedInterval | undefined)[] = [];
  readonly #changes = new Changes();

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
  add({ worker, from, to, live, scenarios }: ReportedDelta): void {
    const index = Math.max(0, Math.floor((from + to) / 2 / this.#width));
    const vus = scenarios.reduce((sum, { activeVus }) => sum + activeVus, 0);
    const byWorker = new Map([[worker, { vus, inFlightPeak: live.inFlightPeak }]]);
    const before = this.#at(index);
    const now = { ...live, byWorker };
    this.#open.set(index, before ? joinIntervals([before, now]) : now);
    this.#length = Math.max(this.#length, index + 1);
    this.#changes.mark(index);
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
    else if (packed) addOutputTokens(packed, tokens);
    this.#changes.mark(at);
  }

  /** Interval `index`, in numbers; undefined where nothing was reported. */
  point(index: number): IntervalPoint | undefined {
    const from = index * this.#width;
    const open = this.#open.get(index);
    if (open) return toPoint(open, quantilesOf(open), from, this.#width);
    const packed = this.#packed[index];
    return packed && toPoint(unpackFigures(packed), packedQuantiles(packed), from, this.#width);
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
      if (parts.length === each) sections.push({ ...joinIntervals(parts), seconds: (each * this.#width) / 1000 });
    }
    return sections;
  }

  /** Exact contents of the interval at a time in seconds, if reported. */
  packedAt(seconds: number): PackedInterval | undefined {
    const index = Math.round((seconds * 1000) / this.#width);
    const open = this.#open.get(index);
    return open ? packInterval(open) : this.#packed[index];
  }

  /** Adds intervals of other machines. Those in one place are joined at once, so nothing is packed in vain. */
  join(parts: readonly JoinedInterval[]): void {
    while (parts.some(({ width }) => width > this.#width)) this.#halve();
    const places = new Map<number, JoinedInterval[]>();
    for (const part of parts) {
      const index = Math.max(0, Math.floor(part.at / this.#width));
      const known = places.get(index);
      if (known) known.push(part);
      else places.set(index, [part]);
    }
    for (const [index, joined] of places) {
      const before = this.#at(index);
      const all = joined.map(({ packed, firstWorker }) => renumbered(unpackInterval(packed()), firstWorker));
      this.#packed[index] = packInterval(joinIntervals(before ? [before, ...all] : all));
      this.#length = Math.max(this.#length, index + 1);
    }
    while (this.#length > MOST_INTERVALS) this.#halve();
  }

  /** Every interval that was reported, in order. */
  points(): IntervalPoint[] {
    return this.#pointsAt(Array.from({ length: this.#length }, (_, index) => index));
  }

  /** Points that changed since the last call, or all. To be called by one reader alone. */
  takeChanged(all: boolean): ChangedPoints<IntervalPoint> {
    const changed = this.#changes.take(all);
    return { anew: !changed, points: changed ? this.#pointsAt(changed) : this.points() };
  }

  get length(): number {
    return this.#length;
  }

  #pointsAt(indexes: readonly number[]): IntervalPoint[] {
    return indexes.flatMap((index) => this.point(index) ?? []);
  }

  #at(index: number): Interval | undefined {
    const packed = this.#packed[index];
    return this.#open.get(index) ?? (packed && unpackInterval(packed));
  }

  #pack(index: number): void {
    const interval = this.#open.get(index);
    if (!interval) return;
    this.#packed[index] = packInterval(interval);
    this.#open.delete(index);
  }

  #halve(): void {
    const halved: (PackedInterval | undefined)[] = [];
    for (let index = 0; index < this.#length; index += 2) {
      const both = [this.#at(index), this.#at(index + 1)].filter((interval) => interval !== undefined);
      halved.push(both.length > 0 ? packInterval(joinIntervals(both)) : undefined);
    }
    this.#open.clear();
    this.#packed = halved;
    this.#length = halved.length;
    this.#width *= 2;
    this.#changes.markAll();
  }
}

function renumbered({ byWorker, ...figures }: Interval, firstWorker: number): Interval {
  return { ...figures, byWorker: new Map([...byWorker].map(([worker, peak]) => [worker + firstWorker, peak])) };
}
