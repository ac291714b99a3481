import type { Ledger } from '../aggregator.js';
import { type DecimalCounts, locustMedian, locustPercentile, meanOf, sumOfCounts } from './decimal-histogram.js';
import type { RequestRow } from './request-rows.js';
import { currentRates, type RowRates } from './row-history.js';

/** A latency of a row's requests since the load started, in milliseconds. */
export interface RowLatency {
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
  /** What Locust calls current: over ten seconds that ended two seconds before the last request. */
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  /** Of requests that ended then. */
  readonly outputTokensPerSecond: number;
  /** Null where no request had any. */
  readonly ttft: RowLatency | null;
  readonly tpot: RowLatency | null;
}

/** What requests have come to by method and name, in alphabetical order of names. */
export function rowFigures(ledger: Ledger): RowFigures[] {
  const { rows, rowHistory } = ledger;
  const { lastAt } = rows;
  return rows.inOrder.map((row) => {
    const rates = currentRates((index) => rowHistory.point(row, index), rowHistory.width, lastAt);
    return figures(row.method, row.name, [row], rates);
  });
}

/** What all requests together have come to; it is called as Locust calls it. */
export function aggregatedFigures({ rows, rowHistory }: Ledger): RowFigures {
  const rates = rows.all.map((row) =>
    currentRates((index) => rowHistory.point(row, index), rowHistory.width, rows.lastAt),
  );
  const sum = (of: keyof RowRates) => rates.reduce((total, each) => total + each[of], 0);
  const all = { requests: sum('requests'), failures: sum('failures'), outputTokens: sum('outputTokens') };
  return figures('', 'Aggregated', rows.all, all);
}

function figures(method: string, name: string, rows: readonly RequestRow[], rates: RowRates): RowFigures {
  const times = sumOfCounts(rows.map((row) => row.times.toCounts()));
  return {
    method,
    name,
    requests: times.count,
    failures: rows.reduce((sum, { failures }) => sum + failures, 0),
    avg: meanOf(times),
    min: times.min,
    max: times.max,
    median: locustMedian(times),
    p95: locustPercentile(times, 0.95),
    p99: locustPercentile(times, 0.99),
    requestsPerSecond: rates.requests,
    failuresPerSecond: rates.failures,
    outputTokensPerSecond: rates.outputTokens,
    ttft: latency(sumOfCounts(rows.map(({ ttft }) => ttft.toCounts()))),
    tpot: latency(sumOfCounts(rows.map(({ tpot }) => tpot.toCounts()))),
  };
}

function latency(counts: DecimalCounts): RowLatency | null {
  if (counts.count === 0) return null;
  return { median: locustMedian(counts), p95: locustPercentile(counts, 0.95) };
}
