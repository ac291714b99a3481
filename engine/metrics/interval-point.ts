/** The length of an interval at first, in milliseconds. */
export const INTERVAL = 1000;

/** A latency in one interval, in milliseconds; null without any sample. */
export interface LatencyPoint {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** The run in one interval; latencies count by when they happened. */
export interface IntervalPoint {
  /** Start of the interval, in seconds since the load started. */
  readonly at: number;
  readonly seconds: number;
  readonly vus: number;
  /** Mean requests in flight. `concurrencyPeak` is an upper bound of the most at once. */
  readonly concurrency: number;
  readonly concurrencyPeak: number;
  /** Requests that ended, and those of them that failed. */
  readonly requests: number;
  readonly failed: number;
  /** Iterations that were dropped. */
  readonly dropped: number;
  readonly outputTokens: number;
  readonly inputTokens: number;
  readonly ttft: LatencyPoint;
  readonly tpot: LatencyPoint;
  readonly itl: LatencyPoint;
  readonly e2e: LatencyPoint;
  /** The generator's event-loop delay, 99th percentile, in milliseconds. */
  readonly loopDelay: number | null;
  /** The busiest worker's share of busy time, 0 to 1. */
  readonly utilization: number;
}

/** An interval of the record, beside what was planned for its end. */
export interface RecordedInterval extends IntervalPoint {
  /** Users of closed scenarios, and iterations a second of open ones. */
  readonly planned: { readonly vus: number; readonly rate: number };
  /** Its exact contents, as Base64; in the records of shares only. */
  readonly packed?: string;
}
