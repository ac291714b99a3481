import type { Aggregator } from '../aggregator.js';
import { type DecimalCounts, locustMedian, locustPercentile, meanOf } from './decimal-histogram.js';
import type { RequestRow } from './request-rows.js';
import { currentRates, type RowRates } from './row-history.js';

/** A latency of a row's requests since the load started, in milliseconds. */
interface RowLatency {
  readonly median: number;
  readonly p95: number;
}

/** A row of Locust's table of requests, while the run goes on. Times are milliseconds since the load started. */
export interface RowFigures {
  readonly method: string;
  readonly name: string;
  readonly requests: number;
  readonly failures: number;
  readonly avg: number;
  readonly min: number;
  readonly max: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  /** Locust's current rate. Over ten seconds that ended two seconds before the last request. */
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  /** Output tokens of requests that ended in those seconds, per second. */
  readonly outputTokensPerSecond: number;
  /** Null where no request had any. */
  readonly ttft: RowLatency | null;
  readonly tpot: RowLatency | null;
}

/** Figures by method and name, and of all requests, in Locust's terms. */
interface RequestTable {
  /** In alphabetical order of names. */
  readonly rows: readonly RowFigures[];
  readonly aggregated: RowFigures;
}

/** Creates the table of requests so far. Its cost does not grow with their number. */
export function requestTable({ rows, allRequests, rowHistory }: Aggregator): RequestTable {
  const { lastAt } = rows;
  const sum = { requests: 0, failures: 0, outputTokens: 0 };
  const each = rows.inOrder.map((row) => {
    const rates = currentRates((index) => rowHistory.point(row, index), rowHistory.width, lastAt);
    sum.requests += rates.requests;
    sum.failures += rates.failures;
    sum.outputTokens += rates.outputTokens;
    return figures(row, rates);
  });
  return { rows: each, aggregated: figures(allRequests, sum) };
}

function figures({ method, name, failures, times, ttft, tpot }: RequestRow, rates: RowRates): RowFigures {
  const { counted } = times;
  return {
    method,
    name,
    requests: counted.count,
    failures,
    avg: meanOf(counted),
    min: counted.min,
    max: counted.max,
    median: locustMedian(counted),
    p95: locustPercentile(counted, 0.95),
    p99: locustPercentile(counted, 0.99),
    requestsPerSecond: rates.requests,
    failuresPerSecond: rates.failures,
    outputTokensPerSecond: rates.outputTokens,
    ttft: latency(ttft.counted),
    tpot: latency(tpot.counted),
  };
}

function latency(counts: DecimalCounts): RowLatency | null {
  if (counts.count === 0) return null;
  return { median: locustMedian(counts), p95: locustPercentile(counts, 0.95) };
}
