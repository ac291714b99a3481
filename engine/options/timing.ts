import { type Clock, systemClock } from '../clock.js';

/** Time limits of a run itself, in milliseconds. Only tests change them. */
export interface Limits {
  /** Evaluation of the top of a scenario file. */
  readonly evaluation: number;
  /** Delay of the common start after the start command. All workers are idle by then. */
  readonly runUp: number;
  /**
   * Heartbeat timeout. A worker silent for this long counts as blocked and is stopped. Garbage collection and overload
   * delay a thread by seconds, never by the default.
   */
  readonly silence: number;
  /** Heartbeat timeout once the user does not wait. */
  readonly hurry: number;
  /** Grace beyond the timeout of a script function. The worker's own error is more precise. */
  readonly grace: number;
  /** Wait for the last answers to be counted by a tokenizer. */
  readonly counting: number;
  /** Wait for the last log records to be written. */
  readonly logging: number;
  /** Time for the reader of the script's output. */
  readonly printing: number;
  /** Time for a worker that was told to leave. Its script may block its thread. */
  readonly leaving: number;
  /** Wait for the other machines of a run. */
  readonly gathering: number;
  /** Interval between records of the journal. */
  readonly journalPeriod: number;
}

/** Limits of every run but those of tests. */
export const LIMITS: Limits = {
  evaluation: 10_000,
  runUp: 60,
  silence: 10_000,
  hurry: 1000,
  grace: 1000,
  counting: 10_000,
  logging: 10_000,
  printing: 500,
  leaving: 2000,
  gathering: 600_000,
  journalPeriod: 10_000,
};

/** Clock and time limits of a run. */
export interface Timing {
  readonly clock: Clock;
  readonly limits: Limits;
}

/** Timing as a caller gives it, for tests. */
export interface TimingOptions {
  readonly clock?: Clock | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

/** Timing with its defaults: the system's clock and the usual limits. */
export function timingOf({ clock = systemClock, limits = {} }: TimingOptions): Timing {
  return { clock, limits: { ...LIMITS, ...limits } };
}
