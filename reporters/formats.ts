import type { LogDetails, LogRecord } from '../engine/metrics/log-record.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Summary } from '../engine/metrics/snapshot.js';
import { reportHtml } from './document/html.js';
import { reportMarkdown } from './document/markdown.js';
import { influx } from './influx.js';
import { summaryJson } from './json.js';
import { junit } from './junit.js';
import { k6Csv } from './k6-csv.js';
import { k6Json } from './k6-json.js';
import { k6Summary } from './k6-summary.js';
import { exceptionsCsv, failuresCsv, statsCsv } from './locust/csv.js';
import { historyCsv } from './locust/history.js';
import { locustJson } from './locust/json.js';
import { isLogPath, requestLog } from './request-log.js';
import { runReport } from './run/report.js';
import { vllmJson } from './vllm/json.js';

/** One file of a report. */
interface ReportFile {
  /** Suffix appended to the user's path. */
  readonly suffix: string;
  /** Renders the file. `options` are those chosen of its format; `records` those its `details` select, else none. */
  readonly render: (
    summary: Summary,
    options: ReadonlySet<string>,
    records: readonly LogRecord[],
  ) => string | Uint8Array;
}

/** Report format. Its files are rendered at the end, or grow during the run. */
export interface Format {
  readonly name: string;
  /** Purpose, in a few words. */
  readonly meaning: string;
  /** Example path. */
  readonly example: string;
  /** Options of the format and their meanings. */
  readonly options?: Readonly<Record<string, string>>;
  /** Files rendered at the end; none where `open` writes them. */
  readonly files: readonly ReportFile[];
  /** True where it needs rows of requests, in Locust's terms. */
  readonly requestRows?: boolean;
  /** Selects the request records that the files need; undefined for none. */
  readonly details?: (options: ReadonlySet<string>) => LogDetails | undefined;
  /** True where the files can be made without records, with less detail. */
  readonly worksWithout?: (options: ReadonlySet<string>) => boolean;
  /** Opens a report that is written while the run goes on. `name` is used in warnings. */
  readonly open?: (name: string, path: string, options: ReadonlySet<string>) => Reporter;
  /** Constraint on the path, if any. */
  readonly paths?: { readonly fit: (path: string) => boolean; readonly expected: string };
}

/** Option that omits the rows of LLM latencies from Locust's reports. */
const REQUESTS_ONLY = { 'requests-only': 'without rows for TTFT, TPOT, ITL and E2E' };

/** All report formats of `--out FORMAT=PATH`. */
export const FORMATS: readonly Format[] = [
  {
    name: 'json',
    meaning: 'the full record, from which all other reports can be made later',
    example: 'results/run.json',
    requestRows: true,
    files: [{ suffix: '', render: (summary) => summaryJson(summary) }],
  },
  {
    name: 'html',
    meaning: 'one page with charts and all tables; works without network',
    example: 'results/run.html',
    files: [{ suffix: '', render: (summary) => reportHtml(runReport(summary)) }],
  },
  {
    name: 'requests',
    meaning: 'one line per request, with all of its timestamps',
    example: 'results/requests.jsonl.gz',
    options: { gaps: 'the gaps between output events too' },
    files: [],
    open: requestLog,
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
    files: [{ suffix: '', render: (summary) => reportMarkdown(runReport(summary)) }],
  },
  {
    name: 'k6-summary',
    meaning: 'the summary as k6 passes it to `handleSummary`',
    example: 'results/k6-summary.json',
    files: [{ suffix: '', render: k6Summary }],
  },
  {
    name: 'k6-json',
    meaning: "one line per sample, as in k6's `--out json`",
    example: 'results/k6.ndjson.gz',
    files: [],
    open: k6Json,
  },
  {
    name: 'k6-csv',
    meaning: "one row per sample, as in k6's `--out csv`",
    example: 'results/k6.csv',
    files: [],
    open: k6Csv,
  },
  {
    name: 'influx',
    meaning: "one line per sample, in InfluxDB's line protocol",
    example: 'results/k6.lp',
    files: [],
    open: influx,
  },
  {
    name: 'locust-csv',
    meaning: "the files of Locust's --csv",
    example: 'results/locust',
    requestRows: true,
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
    requestRows: true,
    options: REQUESTS_ONLY,
    files: [{ suffix: '', render: (summary, options) => locustJson(summary, !options.has('requests-only')) }],
  },
  {
    name: 'vllm',
    meaning: 'the file of vllm bench serve --save-result',
    example: 'results/vllm.json',
    options: {
      detailed: 'with the timestamps of every request, as with --save-detailed',
      rust: 'with the keys and rules of the client in Rust (vllm-rs)',
    },
    files: [
      {
        suffix: '',
        render: (summary, options, records) => {
          const client = options.has('rust') ? 'rust' : 'python';
          return vllmJson(summary, { client, detailed: options.has('detailed') }, records);
        },
      },
    ],
    details: () => ({ gaps: true, samples: false }),
    worksWithout: (options) => !options.has('detailed'),
  },
];
