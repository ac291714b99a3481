import { lazily } from '../../engine/lazy-require.js';
import { type DecimalCounts, locustPercentile } from '../../engine/metrics/locust/decimal-histogram.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { FOREIGN_CELLS } from '../csv-cells.js';
import { float } from '../python.js';
import {
  aggregatedOf,
  type Entry,
  entriesOf,
  figuresOf,
  PERCENTILE_LABELS,
  PERCENTILES,
  secondsOf,
} from './entries.js';
import { locustFailures } from './failures.js';

const library = lazily<typeof import('csv-stringify/sync')>('csv-stringify/sync');

/** Cells of a row. */
export type Cells = readonly (string | number)[];

/** File `_stats.csv`: one row per method and name. `withLatencies` adds TTFT and the like. */
export function statsCsv(summary: Summary, withLatencies: boolean): string {
  const seconds = secondsOf(summary);
  const aggregated = aggregatedOf(entriesOf(summary, false));
  return csv([
    [
      'Type',
      'Name',
      'Request Count',
      'Failure Count',
      'Median Response Time',
      'Average Response Time',
      'Min Response Time',
      'Max Response Time',
      'Average Content Size',
      'Requests/s',
      'Failures/s',
      ...PERCENTILE_LABELS,
    ],
    ...[...entriesOf(summary, withLatencies), aggregated].map((entry) => {
      const { requestRate, failureRate } = figuresOf(entry, seconds);
      const [count = 0, failures = 0, ...totals] = totalCells(entry);
      const rates = [float(requestRate), float(failureRate)];
      return [
        entry.method,
        entry.name,
        count,
        failures,
        ...totals,
        ...rates,
        ...percentileCells(entry.times, entry.isRequest),
      ];
    }),
  ]);
}

/** File `_failures.csv`, in the order in which failures were first seen. */
export function failuresCsv(summary: Summary): string {
  const startedAt = Date.parse(summary.run.startedAt);
  const instant = (at: number) => `${new Date(startedAt + at).toISOString().slice(0, 19)}Z`;
  return csv([
    ['Method', 'Name', 'Error', 'Occurrences', 'First Seen', 'Last Seen'],
    ...locustFailures(summary).map(({ method, name, message, count, firstAt, lastAt }) => {
      return [method, name, message, count, instant(firstAt), instant(lastAt)];
    }),
  ]);
}

/** File `_exceptions.csv`: exceptions of the script. */
export function exceptionsCsv({ errors }: Summary): string {
  return csv([
    ['Count', 'Message', 'Traceback', 'Nodes'],
    ...errors.map(({ count, message, stack }) => [count, message, stack, 'local']),
  ]);
}

/** Requests, failures and total figures so far, as in both statistics files. */
export function totalCells(entry: Entry): Cells {
  const { times, failures, isRequest } = entry;
  const { median, average, averageBytes, percentiles } = figuresOf(entry, 0);
  // Locust's buckets are whole numbers; minimum and maximum, which may replace them, are not.
  const isBucket = isRequest && median === percentiles[0];
  const some = (value: number) => (times.count === 0 ? '0' : float(value));
  return [
    times.count,
    failures,
    isBucket ? median : float(median),
    float(average),
    some(times.min),
    some(times.max),
    some(averageBytes),
  ];
}

/** Percentiles; those of requests in whole milliseconds. */
export function percentileCells(times: DecimalCounts, isRequest = true): Cells {
  if (times.count === 0) return PERCENTILE_LABELS.map(() => 'N/A');
  const percentiles = PERCENTILES.map((share) => locustPercentile(times, share));
  return isRequest ? percentiles : percentiles.map(float);
}

/** Rows in the format of Python's csv module; spreadsheet formulas are defused. */
export function csv(rows: readonly Cells[]): string {
  const records = rows.map((row) => row.map(String));
  return library().stringify(records, { record_delimiter: '\r\n', quoted_match: /[\r\n]/, ...FOREIGN_CELLS });
}
