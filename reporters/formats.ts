import type { LogDetails, LogRecord, LogSink } from '../engine/metrics/log-record.js';
import type { Summary } from '../engine/metrics/snapshot.js';
import { htmlReport } from './html/run-page.js';
import { summaryJson } from './json.js';
import { junit } from './junit.js';
import { k6Json } from './k6-json.js';
import { k6Summary } from './k6-summary.js';
import { exceptionsCsv, failuresCsv, statsCsv } from './locust/csv.js';
import { historyCsv } from './locust/history.js';
import { locustJson } from './locust/json.js';
import { markdown } from './markdown.js';
import { isLogPath, requestLog } from './request-log.js';
import { vllmJson } from './vllm/json.js';

/** One of the files that a report consists of. */
interface ReportFile {
  /** What is put behind the path that the user names. */
  readonly suffix: string;
  /**
   * What stands in it. `options` are those of its format that were asked for; `records` what the format's `details` ask
   * for, else nothing.
   */
  readonly render: (
    summary: Summary,
    options: ReadonlySet<string>,
    records: readonly LogRecord[],
  ) => string | Uint8Array;
}

/** A form of report: files made of the record of a run, or a log that is written while it goes on. */
export interface Format {
  readonly name: string;
  /** What it is for, in a few words. */
  readonly meaning: string;
  /** A path, as an example. */
  readonly example: string;
  /** What can be asked for beyond the format's name, and what that means. */
  readonly options?: Readonly<Record<string, string>>;
  /** Made at the end; none where there is a log. */
  readonly files: readonly ReportFile[];
  /** What is to be kept of the requests, one by one, for the files to be made of; undefined for nothing. */
  readonly details?: (options: ReadonlySet<string>) => LogDetails | undefined;
  /** Opens the log; `name` is for warnings. */
  readonly log?: (name: string, path: string, options: ReadonlySet<string>) => LogSink;
  /** What a path has to be like, where not every one will do. */
  readonly paths?: { readonly fit: (path: string) => boolean; readonly expected: string };
}

/** Without it, latencies of LLMs have rows of their own in what is Locust's. */
const REQUESTS_ONLY = { 'requests-only': 'without rows for TTFT, TPOT, ITL and E2E' };

/** Every form of report that `--out FORMAT=PATH` knows. */
export const FORMATS: readonly Format[] = [
  {
    name: 'json',
    meaning: 'the whole record, from which all other reports can be made again',
    example: 'results/run.json',
    files: [{ suffix: '', render: (summary) => summaryJson(summary) }],
  },
  {
    name: 'html',
    meaning: 'one page with charts and every table, which opens without network',
    example: 'results/run.html',
    files: [{ suffix: '', render: htmlReport }],
  },
  {
    name: 'requests',
    meaning: 'a line for every request, with all of its instants',
    example: 'results/requests.jsonl.gz',
    options: { gaps: 'the gaps between output events too' },
    files: [],
    log: requestLog,
    paths: { fit: isLogPath, expected: 'a name that ends in .jsonl or .csv, or in .jsonl.gz or .csv.gz' },
  },
  {
    name: 'junit',
    meaning: 'thresholds and checks as test cases, for CI',
    example: 'results/junit.xml',
    files: [{ suffix: '', render: junit }],
  },
  {
    name: 'markdown',
    meaning: 'a summary for GitHub: `markdown=$GITHUB_STEP_SUMMARY`',
    example: 'results/summary.md',
    files: [{ suffix: '', render: markdown }],
  },
  {
    name: 'k6-summary',
    meaning: 'the summary in the form that k6 gives to `handleSummary`',
    example: 'results/k6-summary.json',
    files: [{ suffix: '', render: k6Summary }],
  },
  {
    name: 'k6-json',
    meaning: 'every sample as a line, as k6 writes it with `--out json`',
    example: 'results/k6.ndjson.gz',
    files: [],
    log: k6Json,
  },
  {
    name: 'locust-csv',
    meaning: "the files of Locust's --csv",
    example: 'results/locust',
    options: { 'full-history': 'every name in the history, as with --csv-full-history', ...REQUESTS_ONLY },
    files: [
      { suffix: '_stats.csv', render: (summary, options) => statsCsv(summary, !options.has('requests-only')) },
      { suffix: '_stats_history.csv', render: (summary, options) => historyCsv(summary, options.has('full-history')) },
      { suffix: '_failures.csv', render: failuresCsv },
      { suffix: '_exceptions.csv', render: exceptionsCsv },
    ],
  },
  {
    name: 'locust-json',
    meaning: "the file of Locust's --json-file",
    example: 'results/locust.json',
    options: REQUESTS_ONLY,
    files: [{ suffix: '', render: (summary, options) => locustJson(summary, !options.has('requests-only')) }],
  },
  {
    name: 'vllm',
    meaning: 'the file of vllm bench serve --save-result',
    example: 'results/vllm.json',
    options: { detailed: 'with the instants of every request, as with --save-detailed, and exact percentiles' },
    files: [
      {
        suffix: '',
        render: (summary, options, records) => vllmJson(summary, options.has('detailed') ? records : undefined),
      },
    ],
    details: (options) => (options.has('detailed') ? { gaps: true, samples: false } : undefined),
  },
];
