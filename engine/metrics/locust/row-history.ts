import { type ChangedPoints, Changes } from '../changed-points.js';
import { overlap } from '../window.js';
import { type DecimalCounts, sumOfCounts } from './decimal-histogram.js';

/** Figures of a row in one part of the run. Part k covers [k, k + 1) × width since the load started. */
export interface RowPoint {
  readonly index: number;
  readonly failures: number;
  readonly bytes: number;
  readonly outputTokens: number;
  readonly times: DecimalCounts;
}

/** Most buckets over all rows and parts. Beyond it parts are merged in pairs. */
export const MOST_CELLS = 100_000;

/** Rows over time, in bounded memory, without empty parts. */
export class RowHistory<Row> {
  readonly #rows = new Map<Row, Map<number, RowPoint>>();
  readonly #changes = new Map<Row, Changes>();
  #width: number;
  #cells = 0;

  /** Its parts are `width` milliseconds long at first. */
  constructor(width: number) {
    this.#width = width;
  }

  get width(): number {
    return this.#width;
  }

  /** Adds figures of a row around `at`, in milliseconds. Since the load started. */
  add(row: Row, at: number, { failures, bytes, outputTokens, times }: Omit<RowPoint, 'index'>): void {
    const points = this.#rows.get(row) ?? new Map<number, RowPoint>();
    this.#rows.set(row, points);
    const index = Math.max(0, Math.floor(at / this.#width));
    this.#enter(points, { index, failures, bytes, outputTokens, times });
    this.#changesOf(row).mark(index);
    while (this.#cells > MOST_CELLS && this.#isDivided) this.#halve();
  }

  /** Figures of a row in part `index`; undefined where there were none. */
  point(row: Row, index: number): RowPoint | undefined {
    return this.#rows.get(row)?.get(index);
  }

  /** Every part in which a row had anything, in order. */
  points(row: Row): RowPoint[] {
    return [...(this.#rows.get(row)?.values() ?? [])].sort((a, b) => a.index - b.index);
  }

  /** Parts of a row that changed since the last call, or all. To be called by one reader alone. */
  takeChanged(row: Row, all: boolean): ChangedPoints<RowPoint> {
    const changed = this.#changesOf(row).take(all);
    if (!changed) return { anew: true, points: this.points(row) };
    return { anew: false, points: changed.flatMap((index) => this.point(row, index) ?? []) };
  }

  #changesOf(row: Row): Changes {
    const known = this.#changes.get(row);
    if (known) return known;
    const changes = new Changes();
    this.#changes.set(row, changes);
    return changes;
  }

  /** True where there is anything left to join. */
  get #isDivided(): boolean {
    return [...this.#rows.values()].some(({ size }) => size > 1);
  }

  #enter(points: Map<number, RowPoint>, point: RowPoint): void {
    const known = points.get(point.index);
    const joined = known ? joinPoints(known, point) : point;
    this.#cells += joined.times.values.length - (known?.times.values.length ?? 0);
    points.set(point.index, joined);
  }

  #halve(): void {
    this.#width *= 2;
    this.#cells = 0;
    for (const changes of this.#changes.values()) changes.markAll();
    for (const points of this.#rows.values()) {
      const before = [...points.values()];
      points.clear();
      for (const point of before) this.#enter(points, { ...point, index: Math.floor(point.index / 2) });
    }
  }
}

/** Merges figures of two rows, or of two consecutive parts. */
export function joinPoints(a: RowPoint, b: RowPoint): RowPoint {
  return {
    index: a.index,
    failures: a.failures + b.failures,
    bytes: a.bytes + b.bytes,
    outputTokens: a.outputTokens + b.outputTokens,
    times: sumOfCounts([a.times, b.times]),
  };
}

/** Requests, failures and output tokens of requests that have ended, a second. */
export interface RowRates {
  readonly requests: number;
  readonly failures: number;
  readonly outputTokens: number;
}

/**
 * Locust's current rates: means over ten whole seconds. The last of them began three before the second of the last
 * request, at `lastAt` milliseconds. `pointAt` finds a row's parts, which are `width` milliseconds long.
 */
export function currentRates(
  pointAt: (index: number) => RowPoint | undefined,
  width: number,
  lastAt: number,
): RowRates {
  const to = 1000 * (Math.floor(lastAt / 1000) - 2);
  const from = Math.max(0, to - 10_000);
  let requests = 0;
  let failures = 0;
  let outputTokens = 0;
  for (let index = Math.floor(from / width); index * width < to; index += 1) {
    const point = pointAt(index);
    if (!point) continue;
    const share = overlap({ from, to }, index * width, (index + 1) * width) / width;
    requests += share * point.times.count;
    failures += share * point.failures;
    outputTokens += share * point.outputTokens;
  }
  const seconds = Math.max(1, to - from) / 1000;
  return { requests: requests / seconds, failures: failures / seconds, outputTokens: outputTokens / seconds };
}
