import type { ComparedMetric, ComparedRun } from '../compare/compared-run.js';

/** Columns that identify Locust's `_stats.csv`. */
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

/** True if the first row may be of Locust's `_stats.csv`. */
export function isLocust(row: Readonly<Record<string, string>>): boolean {
  return COLUMNS.every((name) => name in row);
}

/**
 * Run from Locust's `_stats.csv`: all requests together, and the LLM rows that tokenswarm and some scripts write there.
 * The meaning of response times depends on the script.
 */
export function locustRun(file: string, rows: readonly Readonly<Record<string, string>>[]): ComparedRun {
  const all = rows.find(({ Name, Type = '' }) => Name === 'Aggregated' && Type === '');
  const metrics: Record<string, ComparedMetric> = {};
  for (const row of rows) {
    if (row.Type === 'LLM' && count(row, 'Request Count') > 0) metrics[`llm_${row.Name}`] = trend(row, ROUNDED);
  }
  const requests = all ? count(all, 'Request Count') : 0;
  if (all && requests > 0) {
    const failed = count(all, 'Failure Count');
    const remark = `what the script called a response time; ${ROUNDED}; failed requests included`;
    metrics.response_time = trend(all, remark);
    metrics.response_failed = {
      type: 'rate',
      contains: 'default',
      values: { rate: failed / requests, passes: failed, fails: requests - failed },
    };
    const perSecond = { value: count(all, 'Requests/s'), remark: 'failed requests included' };
    metrics.responses_per_second = {
      type: 'gauge',
      contains: 'default',
      values: { value: perSecond.value },
      remark: perSecond.remark,
    };
  }
  return { file, tool: 'locust', metrics, tokens: {}, window: 'whole', facts: {}, intervals: [] };
}

function trend(row: Readonly<Record<string, string>>, remark: string): ComparedMetric {
  const values: Record<string, number> = { count: count(row, 'Request Count') };
  for (const [key, column] of Object.entries(STATISTICS)) {
    const value = Number(row[column]);
    if (row[column] !== undefined && Number.isFinite(value)) values[key] = value;
  }
  return { type: 'trend', contains: 'time', values, remark };
}

function count(row: Readonly<Record<string, string>>, column: string): number {
  const value = Number(row[column]);
  return Number.isFinite(value) ? value : 0;
}
