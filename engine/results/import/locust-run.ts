import type { ComparedMetric } from '../compare/compared-run.js';
import { importedRun, share, trend } from './imported-run.js';
import { type Importer, tableOf } from './importer.js';

/** Columns by which Locust's `_stats.csv` is known. */
const COLUMNS = ['Type', 'Name', 'Request Count', 'Failure Count', 'Average Response Time', '50%', '95%', '99%'];

const STATISTICS = {
  avg: 'Average Response Time',
  min: 'Min Response Time',
  med: '50%',
  max: 'Max Response Time',
  'p(75)': '75%',
  'p(90)': '90%',
  'p(95)': '95%',
  'p(99)': '99%',
};

const ROUNDED = 'percentiles rounded to two digits';

const RESPONSE = `what the script called a response time, with stream=True that to the headers; ${ROUNDED}; failed requests included`;

type Row = Readonly<Record<string, string>>;

/**
 * Results in Locust's `_stats.csv`. LLM rows, written by us and others, are no requests. Locust adds them
 * to its total, so they are subtracted.
 */
export const locust: Importer = {
  tool: 'locust',
  reads: "Locust's _stats.csv",
  recognises: (document) => {
    const [head = []] = tableOf(document)?.cells ?? [];
    return COLUMNS.every((name) => head.includes(name));
  },
  runs(file, document) {
    const [head = [], ...cells] = tableOf(document)?.cells ?? [];
    const rows = cells.map((line): Row => Object.fromEntries(head.map((name, place) => [name, line[place] ?? ''])));
    const isTotal = ({ Name, Type = '' }: Row) => Name === 'Aggregated' && Type === '';
    const isLlm = ({ Type = '' }: Row) => Type.toUpperCase() === 'LLM';
    const plain = rows.filter((row) => !isTotal(row) && !isLlm(row));
    const total = rows.find(isTotal);
    const requests = sum(plain, 'Request Count');
    const all = total && (plain.length === 0 || number(total, 'Request Count') === requests) ? total : undefined;
    const own = rows.filter((row) => isLlm(row) && number(row, 'Request Count') > 0);
    const latencies = own.map(
      (row) => [`llm_${row.Name}`, timesOf(row, `as the script measured it; ${ROUNDED}`)] as const,
    );
    const counted = all ? [all] : plain;
    const metrics = {
      ...Object.fromEntries(latencies),
      ...(plain.length > 0 || own.length === 0 ? responses(counted) : {}),
    };
    return [importedRun(file, 'locust', metrics)];
  },
};

/** Requests of these rows together. Percentiles cannot be added up. */
function responses(rows: readonly Row[]): Record<string, ComparedMetric | undefined> {
  const requests = sum(rows, 'Request Count');
  if (requests === 0) return {};
  const failed = sum(rows, 'Failure Count');
  const [only] = rows;
  const average = rows.reduce(
    (all, row) => all + number(row, 'Request Count') * number(row, 'Average Response Time'),
    0,
  );
  const together = trend({ count: requests, avg: average / requests }, { remark: RESPONSE });
  const perSecond = { value: sum(rows, 'Requests/s') };
  return {
    response_time: rows.length === 1 && only ? timesOf(only, RESPONSE) : together,
    response_failed: share(failed, requests - failed),
    responses_per_second: { type: 'gauge', contains: 'default', values: perSecond, remark: 'failed requests included' },
  };
}

function timesOf(row: Row, remark: string): ComparedMetric | undefined {
  const told = Object.entries(STATISTICS).map(
    ([key, column]) => [key, row[column] ? Number(row[column]) : undefined] as const,
  );
  const found = trend({ count: number(row, 'Request Count'), ...Object.fromEntries(told) }, { remark });
  return found && { ...found, percentiles: 'rank' };
}

function sum(rows: readonly Row[], column: string): number {
  return rows.reduce((all, row) => all + number(row, column), 0);
}

function number(row: Row, column: string): number {
  const value = Number(row[column]);
  return Number.isFinite(value) ? value : 0;
}
