import type { Summary } from '../engine/metrics/snapshot.js';
import { summaryJson } from './json.js';
import { exceptionsCsv, failuresCsv, statsCsv } from './locust/csv.js';
import { historyCsv } from './locust/history.js';
import { locustJson } from './locust/json.js';

/** One of the files that a report consists of. */
export interface ReportFile {
  /** What is put behind the path that the user names. */
  readonly suffix: string;
  /** What stands in it; `options` are those of its format that were asked for. */
  readonly render: (summary: Summary, options: ReadonlySet<string>) => string | Uint8Array;
}

/** A form of report, made of the record of a run and of nothing else. */
export interface Format {
  readonly name: string;
  /** What it is for, in a few words. */
  readonly meaning: string;
  /** A path, as an example. */
  readonly example: string;
  /** What can be asked for beyond the format's name, and what that means. */
  readonly options?: Readonly<Record<string, string>>;
  readonly files: readonly ReportFile[];
}

/** Without it, latencies of LLMs have rows of their own in what is Locust's. */
const REQUESTS_ONLY = { 'requests-only': 'without rows for TTFT, TPOT, ITL and E2E' };

/** Every form of report that `--out FORMAT=PATH` knows. */
export const FORMATS: readonly Format[] = [
  {
    name: 'json',
    meaning: 'the whole record, from which all other reports can be made again',
    example: 'results/run.json',
    files: [{ suffix: '', render: summaryJson }],
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
];
