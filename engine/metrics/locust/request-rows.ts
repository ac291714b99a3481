import { type DecimalCounts, DecimalHistogram, fineBucket, locustBucket } from './decimal-histogram.js';

/** More names than this are counted in one row called `(other)`. */
export const MOST_ROWS = 1000;

/** Finished request, as Locust counts it: by method and name. */
export interface EndedRequest {
  readonly method: string;
  readonly name: string;
  readonly failed: boolean;
  /** Time until the last byte or the failure, in milliseconds. */
  readonly time: number;
  /** Bytes of the answer's body. */
  readonly bytes: number;
  readonly ttft?: number | undefined;
  readonly tpot?: number | undefined;
  readonly outputTokens?: number;
}

/** Totals of requests of one method and name, or their increments. Plain data. */
export interface RowDelta {
  readonly method: string;
  readonly name: string;
  readonly failures: number;
  readonly bytes: number;
  readonly outputTokens: number;
  /** Ends of the first and last requests, in milliseconds. Since the load started. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Times of all requests, failed ones too, in Locust's buckets. */
  readonly times: DecimalCounts;
  readonly ttft: DecimalCounts;
  readonly tpot: DecimalCounts;
}

/** The requests of one method and name. */
export class RequestRow {
  readonly method: string;
  readonly name: string;
  readonly times = new DecimalHistogram(locustBucket);
  readonly ttft = new DecimalHistogram(fineBucket);
  readonly tpot = new DecimalHistogram(fineBucket);
  failures = 0;
  bytes = 0;
  outputTokens = 0;
  firstAt = Number.POSITIVE_INFINITY;
  lastAt = 0;

  constructor(method: string, name: string) {
    this.method = method;
    this.name = name;
  }

  record({ failed, time, bytes, ttft, tpot, outputTokens = 0 }: EndedRequest, at: number): void {
    this.times.record(time);
    if (ttft !== undefined) this.ttft.record(ttft);
    if (tpot !== undefined) this.tpot.record(tpot);
    if (failed) this.failures += 1;
    this.bytes += bytes;
    this.outputTokens += outputTokens;
    this.#include(at, at);
  }

  add(delta: RowDelta): void {
    this.times.add(delta.times);
    this.ttft.add(delta.ttft);
    this.tpot.add(delta.tpot);
    this.failures += delta.failures;
    this.bytes += delta.bytes;
    this.outputTokens += delta.outputTokens;
    this.#include(delta.firstAt, delta.lastAt);
  }

  drain(): RowDelta {
    const { method, name, failures, bytes, outputTokens, firstAt, lastAt } = this;
    this.failures = 0;
    this.bytes = 0;
    this.outputTokens = 0;
    this.firstAt = Number.POSITIVE_INFINITY;
    const [times, ttft, tpot] = [this.times.drain(), this.ttft.drain(), this.tpot.drain()];
    return { method, name, failures, bytes, outputTokens, firstAt, lastAt, times, ttft, tpot };
  }

  #include(firstAt: number, lastAt: number): void {
    this.firstAt = Math.min(this.firstAt, firstAt);
    this.lastAt = Math.max(this.lastAt, lastAt);
  }
}

/** The rows of one worker, or of all of them. */
export class RequestRows {
  readonly #rows = new Map<string, RequestRow>();

  /** Returns the row of a method and name, created when new. */
  of(method: string, name: string): RequestRow {
    const key = `${method} ${name}`;
    const known = this.#rows.get(key);
    if (known) return known;
    const isFull = this.#rows.size >= MOST_ROWS && name !== OTHER;
    // Methods may be as varied as names, so the rest has none.
    if (isFull) return this.of('', OTHER);
    const row = new RequestRow(method, name);
    this.#rows.set(key, row);
    return row;
  }

  get all(): readonly RequestRow[] {
    return [...this.#rows.values()];
  }

  /** By name and then by method, as Locust sorts them. */
  get inOrder(): readonly RequestRow[] {
    return this.all.toSorted((a, b) => compare(a.name, b.name) || compare(a.method, b.method));
  }

  /** End of the last request, in milliseconds since the load started. */
  get lastAt(): number {
    return Math.max(0, ...this.all.map(({ lastAt }) => lastAt));
  }

  /** Takes out what was counted since the last time. */
  drain(): RowDelta[] {
    return this.all.filter(({ times }) => times.count > 0).map((row) => row.drain());
  }
}

const OTHER = '(other)';

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
