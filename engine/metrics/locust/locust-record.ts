import type { DecimalCounts } from './decimal-histogram.js';
import type { RowPoint } from './row-history.js';

/** Requests of one method and name over the whole run, as Locust counts them. */
export interface RequestRow {
  readonly method: string;
  readonly name: string;
  readonly failures: number;
  /** Of the answers' bodies. */
  readonly bytes: number;
  /** When the first and the last of them ended, in milliseconds since the load started. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Milliseconds until the last byte of the answer, or until it failed, in Locust's buckets; as many as requests. */
  readonly times: DecimalCounts;
  /** History of the rows over time. */
  readonly history: readonly RowPoint[];
}

/** The whole run in Locust's terms. */
export interface LocustView {
  readonly rows: readonly RequestRow[];
  /** Length of the parts of each row's history, in seconds: a part begins at its index times this. */
  readonly historySeconds: number;
  /** Latencies that Locust has no rows for, of requests that did not fail: milliseconds, in buckets of three digits. */
  readonly latencies: Readonly<Partial<Record<'ttft' | 'tpot' | 'itl' | 'e2e', DecimalCounts>>>;
}
