import type { RowDelta } from './locust/request-rows.js';
import type { ReaderFigures } from './reader-record.js';
import type { ReportedKey, SeriesChange } from './series.js';
import type { SessionLane } from './session-lanes.js';

/** The latencies that are followed over time. */
export const FOLLOWED = ['ttft', 'tpot', 'itl', 'e2e'] as const;
export type Followed = (typeof FOLLOWED)[number];

/** Figures of one worker in one interval that no series has. */
export interface LiveDelta {
  /**
   * Output tokens of earlier intervals among those of the series. `at` is milliseconds since the load started; negative
   * tokens are removed.
   */
  readonly lateTokens: readonly (readonly [at: number, tokens: number])[];
  /** Time in flight of all requests, in milliseconds. Divided by the interval's length it is the concurrency. */
  readonly inFlightTime: number;
  readonly inFlightPeak: number;
  readonly inFlight: number;
  /** Busy share of the worker's thread in the interval, 0 to 1. */
  readonly utilization: number;
}

/** Failures of one kind, and what the last of them said. */
export interface FailureGroup {
  readonly scenario: string;
  readonly method: string;
  readonly name: string;
  /** The server, where there are several. */
  readonly target?: string;
  readonly kind: string;
  readonly status: number | undefined;
  readonly count: number;
  readonly message: string;
  /** Milliseconds since the load started. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Exceptions that the script threw in the same place. */
export interface ErrorGroup {
  readonly scenario: string;
  readonly message: string;
  /** File, line and column in the user's own source. */
  readonly where: string | undefined;
  readonly stack: string;
  readonly count: number;
}

/** Progress of one scenario in one worker. */
export interface ScenarioProgress {
  readonly scenario: string;
  readonly activeVus: number;
  /** Users that have been made, active or not. */
  readonly initializedVus: number;
  readonly iterations: number;
  readonly interrupted: number;
  readonly dropped: number;
  readonly ended: boolean;
}

/** Changes of one worker's record, sent about once a second. Plain data. */
export interface Delta {
  readonly worker: number;
  /** Milliseconds since the load started. */
  readonly from: number;
  readonly to: number;
  readonly series: readonly { readonly id: number; readonly key?: ReportedKey; readonly change: SeriesChange }[];
  readonly live: LiveDelta;
  readonly rows: readonly RowDelta[];
  readonly failures: readonly FailureGroup[];
  readonly errors: readonly ErrorGroup[];
  readonly warnings: readonly string[];
  readonly scenarios: readonly ScenarioProgress[];
  /** Figures of the native reader. Undefined where it has read nothing. */
  readonly reader?: ReaderFigures | undefined;
  /** Sessions that have ended, over time. */
  readonly lanes?: readonly SessionLane[];
}
