import type { Summary } from '../../engine/metrics/snapshot.js';
import { fixed, left, right } from '../python.js';
import { safeText } from '../terminal-text.js';
import { aggregatedOf, type Entry, entriesOf, figuresOf, PERCENTILE_LABELS, secondsOf } from './entries.js';
import { locustFailures } from './failures.js';

/** Widths of Locust's columns where it does not write to a terminal. */
const TYPE = 8;
const NAME = 80;
/** Shorter names in the table of requests, to save columns. */
const SHORT_NAME = NAME - TYPE + 4;

/** Locust's end-of-run output: requests, percentiles and errors. `withLatencies` adds TTFT and the like. */
export function locustText(summary: Summary, withLatencies = true): string {
  const entries = entriesOf(summary, withLatencies);
  const aggregated = aggregatedOf(entriesOf(summary, false));
  const seconds = secondsOf(summary);
  const lines = [
    ...requestTable(entries, aggregated, seconds),
    '',
    ...percentileTable(entries, aggregated),
    '',
    ...errorReport(summary),
  ];
  return `${lines.join('\n')}\n`;
}

function requestTable(entries: readonly Entry[], aggregated: Entry, seconds: number): string[] {
  const row = (cells: readonly string[]) => {
    const [type = '', name = '', requests = '', failures = '', avg = '', min = '', max = '', med = '', ...rates] =
      cells;
    const [rate = '', failureRate = ''] = rates;
    return (
      `${left(type, TYPE)} ${left(name, SHORT_NAME)} ${right(requests, 7)} ${right(failures, 12)} |` +
      `${right(avg, 7)} ${right(min, 7)} ${right(max, 7)}${right(med, 7)} | ${right(rate, 7)} ${right(failureRate, 11)}`
    );
  };
  const rowOf = (entry: Entry) => {
    const { method, name, failures, times } = entry;
    const { average, median, requestRate, failureRate } = figuresOf(entry, seconds);
    const share = times.count === 0 ? 0 : failures / times.count;
    return row([
      method && `${safeText(method)} `,
      safeText(name),
      String(times.count),
      `${failures}(${fixed(share * 100, 2)}%)`,
      ...[average, times.min, times.max, median].map((time) => milliseconds(time, entry)),
      fixed(requestRate, 2),
      fixed(failureRate, 2),
    ]);
  };
  const separator = ruler([TYPE, SHORT_NAME, 7, 13, 7, 7, 7, 7, 8, 11]);
  const head = row(['Type', 'Name', '# reqs', '# fails', 'Avg', 'Min', 'Max', 'Med', 'req/s', 'failures/s']);
  return [head, separator, ...entries.map(rowOf), separator, rowOf(aggregated)];
}

function percentileTable(entries: readonly Entry[], aggregated: Entry): string[] {
  const row = (type: string, name: string, [first = '', ...cells]: readonly string[]) =>
    `${left(type, TYPE)} ${left(name, NAME)} ${right(first, 8)} ${cells.map((cell) => right(cell, 6)).join(' ')}`;
  const rowOf = (entry: Entry) => {
    const percentiles = figuresOf(entry, 0).percentiles.map((time) => milliseconds(time, entry));
    return row(safeText(entry.method), safeText(entry.name), [...percentiles, String(entry.times.count)]);
  };
  const separator = ruler([TYPE, NAME, 8, ...PERCENTILE_LABELS.map(() => 6)]);
  return [
    'Response time percentiles (approximated)',
    row('Type', 'Name', [...PERCENTILE_LABELS, '# reqs']),
    separator,
    ...entries.map(rowOf),
    separator,
    ...(aggregated.times.count > 0 ? [rowOf(aggregated)] : []),
  ];
}

function errorReport(summary: Summary): string[] {
  const failures = locustFailures(summary);
  if (failures.length === 0) return [];
  const separator = ruler([18, 80 + NAME - 19]);
  return [
    'Error report',
    `${left('# occurrences', 18)} ${left('Error', 100)}`,
    separator,
    ...failures.map(({ method, name, message, count }) => {
      return `${left(String(count), 18)} ${left(safeText(`${method} ${name}: ${message}`), 100)}`;
    }),
    separator,
    '',
  ];
}

/** Truncated milliseconds. LLM latencies below a tenth of a second keep one decimal. */
function milliseconds(time: number, { isRequest }: Entry): string {
  return isRequest || time >= 100 ? String(Math.trunc(time)) : fixed(time, 1);
}

function ruler(widths: readonly number[]): string {
  return widths.map((width) => '-'.repeat(width)).join('|');
}
