import type { SwimLanes } from './session-lanes.js';

/** Sessions of a run, beside the metrics `llm_session_…`. Rates are of the headline window, counts of the whole run. */
export interface SessionRecord {
  /** Sessions that began, ended, failed, or were cut off. Those that failed have ended. */
  readonly started: number;
  readonly ended: number;
  readonly failed: number;
  readonly unfinished: number;
  /** Age of the oldest that was cut off, in milliseconds. */
  readonly oldest?: number;
  /** Turns refused as beyond the context, and their share of requests. */
  readonly overflows: number;
  readonly overflowShare: number;
  /** Successful sessions per hour. */
  readonly perHour: number;
  /** Output tokens a second of one user: 1000 / p90 of ITL. */
  readonly interactivity?: number;
  /** Accelerators of all servers. By the labels `tp` and `replicas`, or the simulated card. */
  readonly accelerators?: number;
  readonly perHourPerAccelerator?: number;
  readonly outputTokensPerSecondPerAccelerator?: number;
  /** Label `price` (of an accelerator and hour) × accelerators / sessions per hour. */
  readonly costPerSession?: number;
  /** Sessions over time. Absent in the record of a run that was killed. */
  readonly lanes?: SwimLanes;
}

/** Sessions so far. */
export interface SessionsSoFar {
  /** At work now. */
  readonly live: number;
  readonly ended: number;
  readonly failed: number;
  /** Median input tokens of their turns. */
  readonly depth: number | undefined;
}
