import type { DecimalCounts } from './decimal-histogram.js';
import type { RowPoint } from './row-history.js';

/** Run totals of one method and name, in Locust's terms. */
export interface RequestRow {
  readonly method: string;
  readonly name: string;
  readonly failures: number;
  /** Of the answers' bodies. */
  readonly bytes: number;
  /** Ends of the first and last requests, in milliseconds. Since the load started. */
  readonly firstAt: number;
  readonly lastAt: number;
  /**
   * Response times of all requests, in milliseconds and Locust's buckets. Until the last byte of the answer, or the
   * failure.
   */
  readonly times: DecimalCounts;
  /** History of the rows over time. */
  readonly history: readonly RowPoint[];
}

/** The whole run in Locust's terms. */
export interface LocustView {
  readonly rows: readonly RequestRow[];
  /** Length of a history part, in seconds. A part starts at its index times this. */
  readonly historySeconds: number;
  /** Latencies without rows in Locust, in milliseconds. Of requests that did not fail, in buckets of three digits. */
  readonly latencies: Readonly<Partial<Record<'ttft' | 'tpot' | 'itl' | 'e2e', DecimalCounts>>>;
}
