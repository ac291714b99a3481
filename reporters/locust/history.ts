import { DecimalHistogram, sumOfCounts } from '../../engine/metrics/locust/decimal-histogram.js';
import { currentRates, joinPoints, type RowPoint } from '../../engine/metrics/locust/row-history.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { fixed } from '../python.js';
import { type Cells, csv, percentileCells, totalCells } from './csv.js';
import { AGGREGATED, PERCENTILE_LABELS } from './entries.js';

/** Window of current percentiles, in seconds. */
const CURRENT = 10;

const HEAD = [
  'Timestamp',
  'User Count',
  'Type',
  'Name',
  'Requests/s',
  'Failures/s',
  ...PERCENTILE_LABELS,
  'Total Request Count',
  'Total Failure Count',
  'Total Median Response Time',
  'Total Average Response Time',
  'Total Min Response Time',
  'Total Max Response Time',
  'Total Average Content Size',
];

/** Cumulative row of a history. */
interface GrowingRow {
  readonly method: string;
  readonly name: string;
  readonly points: ReadonlyMap<number, RowPoint>;
  readonly times: DecimalHistogram;
  failures: number;
  bytes: number;
}

/**
 * File `_stats_history.csv`: totals after every second, preceded by an empty row. Long runs have longer parts. `isFull`
 * adds each method and name, and percentiles of the last ten seconds instead of cumulative ones.
 */
export function historyCsv(summary: Summary, isFull: boolean): string {
  const { rows, historySeconds: width } = summary.locust;
  const startedAt = Date.parse(summary.run.startedAt) / 1000;
  const all = growing({ method: '', name: AGGREGATED, history: rows.flatMap(({ history }) => history) });
  const growings = isFull ? [...rows.map(growing), all] : [all];
  const parts = Math.max(Math.ceil(summary.run.seconds / width), ...[...all.points.keys()].map((index) => index + 1));
  const records: Cells[] = [];
  let lastAt = 0;
  for (let part = 0; part <= parts; part += 1) {
    for (const row of growings) grow(row, part - 1);
    // The end of the last request is known only to its part; its end is taken.
    if (all.points.has(part - 1)) lastAt = part * width * 1000 - 1;
    const instant = [Math.floor(startedAt + part * width), usersAt(summary, part * width)];
    for (const row of growings) {
      if (row === all || row.times.count > 0) records.push([...instant, ...cellsOf(row, part, width, lastAt, isFull)]);
    }
  }
  return csv([HEAD, ...records]);
}

/** Cells of a row after `part` parts of `width` seconds. */
function cellsOf(row: GrowingRow, part: number, width: number, lastAt: number, isFull: boolean): Cells {
  const { method, name, failures, bytes, points } = row;
  const rates = currentRates((index) => points.get(index), width * 1000, lastAt);
  const times = row.times.toCounts();
  const percentiles = isFull && times.count > 0 ? currentPercentiles(points, part, width) : percentileCells(times);
  const total = totalCells({ method, name, failures, bytes, times, isRequest: true });
  return [method, name, fixed(rates.requests, 6), fixed(rates.failures, 6), ...percentiles, ...total];
}

/** Percentiles of the last ten seconds; zeros where nothing ended in them. */
function currentPercentiles(points: GrowingRow['points'], part: number, width: number): Cells {
  const recent: RowPoint[] = [];
  for (let index = part - 1; index >= 0 && (part - index) * width <= Math.max(CURRENT, width); index -= 1) {
    const point = points.get(index);
    if (point) recent.push(point);
  }
  const times = sumOfCounts(recent.map((point) => point.times));
  return times.count > 0 ? percentileCells(times) : PERCENTILE_LABELS.map(() => 0);
}

function growing({
  method,
  name,
  history,
}: Pick<Summary['locust']['rows'][number], 'method' | 'name' | 'history'>): GrowingRow {
  const points = new Map<number, RowPoint>();
  for (const point of history) {
    const known = points.get(point.index);
    points.set(point.index, known ? joinPoints(known, point) : point);
  }
  return { method, name, points, times: new DecimalHistogram(Number), failures: 0, bytes: 0 };
}

/** Adds one part of the run to a row. */
function grow(row: GrowingRow, index: number): void {
  const point = row.points.get(index);
  if (!point) return;
  row.times.add(point.times);
  row.failures += point.failures;
  row.bytes += point.bytes;
}

/** Active users in the interval that ended then. */
function usersAt({ intervals }: Summary, seconds: number): number {
  return intervals.findLast(({ at, seconds: length }) => at < seconds && seconds <= at + length)?.vus ?? 0;
}
