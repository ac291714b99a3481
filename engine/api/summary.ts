import type { Contains, MetricKind } from '../metrics/catalogue.js';
import type { Summary, Values } from '../metrics/snapshot.js';
import { outside } from './outside.js';

/** A check in all iterations of all users. */
export interface CheckData {
  readonly name: string;
  /** `::group::name`, and the MD5 sum of that. */
  readonly path: string;
  readonly id: string;
  readonly passes: number;
  readonly fails: number;
}

/** A group, with the groups and the checks within. The outermost has no name. */
export interface GroupData {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: readonly GroupData[];
  readonly checks: readonly CheckData[];
}

/** A metric, or the part of it that a threshold's selector cuts out. */
export interface MetricData {
  readonly type: MetricKind;
  readonly contains: Contains;
  /** `count`, `rate`, `avg`, `p(95)`, …; times are milliseconds. Empty where there was no sample. */
  readonly values: Values;
  /** By condition, such as `p(95)<500`. */
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

/** What `handleSummary` is given: the form that k6 gives it, and the whole record of the run. */
export interface SummaryData {
  readonly root_group: GroupData;
  readonly options: {
    readonly summaryTrendStats: readonly string[];
    readonly summaryTimeUnit: string;
    readonly noColor: boolean;
  };
  readonly state: {
    readonly isStdOutTTY: boolean;
    readonly isStdErrTTY: boolean;
    readonly testRunDurationMs: number;
  };
  /** By name; those that a selector cuts out are called `name{tag:value}`. */
  readonly metrics: Readonly<Record<string, MetricData>>;
  /** What `setup` returned, where the scenario has one. */
  readonly setup_data?: unknown;
  /** The record of the run, as `--out json=FILE` writes it. */
  readonly tokenswarm: Summary;
}

/** What `handleSummary` returns: what to write to `stdout`, to `stderr` and to files, by their paths. */
export type SummaryOutputs = Readonly<Record<string, string | ArrayBuffer | Uint8Array>>;

/**
 * In `handleSummary`, the text that would be printed without it. Colours are as the terminal wants them, unless told;
 * `indent` is put before every line. Changes to `data` do not show in it.
 */
export function textSummary(
  _data: SummaryData,
  _options?: { readonly indent?: string; readonly enableColors?: boolean },
): string {
  return outside('textSummary');
}
