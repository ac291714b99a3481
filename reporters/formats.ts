import type { Summary } from '../engine/metrics/snapshot.js';
import { summaryJson } from './json.js';

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

/** Every form of report that `--out FORMAT=PATH` knows. */
export const FORMATS: readonly Format[] = [
  {
    name: 'json',
    meaning: 'the whole record, from which all other reports can be made again',
    example: 'results/run.json',
    files: [{ suffix: '', render: summaryJson }],
  },
];
