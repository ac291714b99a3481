import {
  type DecimalCounts,
  locustMedian,
  locustPercentile,
  meanOf,
  sumOfCounts,
} from '../../engine/metrics/locust/decimal-histogram.js';
import type { Summary } from '../../engine/metrics/snapshot.js';

/** Locust's entry for requests of one method and name, or for all. */
export interface Entry {
  readonly method: string;
  readonly name: string;
  readonly failures: number;
  readonly bytes: number;
  readonly times: DecimalCounts;
  /** True for requests, in Locust's whole milliseconds; LLM latencies keep three digits. */
  readonly isRequest: boolean;
}

/** Percentiles of tables and files, from 0 to 1, and their names. */
export const PERCENTILES = [0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 1] as const;
export const PERCENTILE_LABELS = PERCENTILES.map((share) => `${Number((100 * share).toFixed(6))}%`);

/** Locust's name for all requests together. */
export const AGGREGATED = 'Aggregated';

/** Type of rows that are not requests. */
const LLM = 'LLM';

/** Rows of Locust's tables in order: requests, and LLM latencies if wanted. The latter are in no total. */
export function entriesOf(summary: Summary, withLatencies: boolean): Entry[] {
  const requests = summary.locust.rows.map((row): Entry => ({ ...row, isRequest: true }));
  return [...requests, ...(withLatencies ? latencyEntries(summary) : [])].sort(
    (a, b) => compare(a.name, b.name) || compare(a.method, b.method),
  );
}

/** LLM latencies, each sample counted as a request. */
export function latencyEntries({ locust }: Summary): Entry[] {
  return Object.entries(locust.latencies)
    .filter(([, times]) => times.count > 0)
    .map(([name, times]) => ({ method: LLM, name, failures: 0, bytes: 0, times, isRequest: false }));
}

/** Entry of all requests together. */
export function aggregatedOf(entries: readonly Omit<Entry, 'isRequest'>[]): Entry {
  return {
    method: '',
    name: AGGREGATED,
    failures: entries.reduce((sum, { failures }) => sum + failures, 0),
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    times: sumOfCounts(entries.map(({ times }) => times)),
    isRequest: true,
  };
}

/** Figures of a row: milliseconds, bytes, and rates per second over `seconds`. */
export function figuresOf({ failures, bytes, times }: Entry, seconds: number) {
  return {
    median: locustMedian(times),
    average: meanOf(times),
    averageBytes: times.count === 0 ? 0 : bytes / times.count,
    requestRate: seconds > 0 ? times.count / seconds : 0,
    failureRate: seconds > 0 ? failures / seconds : 0,
    percentiles: PERCENTILES.map((share) => locustPercentile(times, share)),
  };
}

/** Locust's divisor of rates. Seconds from the load's start to the last request's end. */
export function secondsOf({ locust }: Summary): number {
  return Math.max(0, ...locust.rows.map(({ lastAt }) => lastAt)) / 1000;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
