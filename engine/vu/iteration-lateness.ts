import { LATE_ARRIVAL } from '../metrics/quality.js';
import type { Recorder } from '../metrics/recorder.js';

/** Start of an iteration, or its drop, with its lateness in milliseconds. */
export interface Arrived {
  readonly scenario: string;
  /** Instant of the start or drop. */
  readonly at: number;
  readonly lateness: number;
  /** True for an arrival rate, where lateness means a missed rate. */
  readonly open: boolean;
}

/** Records the lateness of a started iteration. */
export function recordStart(recorder: Recorder, arrived: Arrived): void {
  const { scenario, at, lateness, open } = arrived;
  recorder.trend('iteration_lateness', { scenario }, recorder.phaseAt(at)).add(lateness);
  if (open) recordArrivals(recorder, arrived, 1);
}

/** Records dropped iterations. */
export function recordDropped(recorder: Recorder, dropped: Arrived, count: number): void {
  const { scenario, at, open } = dropped;
  recorder.counter('dropped_iterations', { scenario }, recorder.phaseAt(at)).add(count);
  if (open) recordArrivals(recorder, dropped, count);
}

function recordArrivals(recorder: Recorder, { scenario, at, lateness }: Arrived, count: number): void {
  const phase = recorder.phaseAt(at);
  recorder.counter('flow_arrivals', { scenario }, phase).add(count);
  if (lateness > LATE_ARRIVAL) recorder.counter('flow_late_arrivals', { scenario }, phase).add(count);
}
