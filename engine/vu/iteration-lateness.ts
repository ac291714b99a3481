import { LATE_ARRIVAL } from '../metrics/quality.js';
import type { Recorder } from '../metrics/recorder.js';

/** An iteration that has started, or will never start, and how late that was, in milliseconds. */
export interface Arrived {
  readonly scenario: string;
  /** When it was started or dropped. */
  readonly at: number;
  readonly lateness: number;
  /** Whether an arrival rate asked for it: then its being late is a rate missed. */
  readonly open: boolean;
}

/** Notes how late an iteration started. */
export function noteStart(recorder: Recorder, arrived: Arrived): void {
  const { scenario, at, lateness, open } = arrived;
  recorder.trend('iteration_lateness', { scenario }, recorder.phaseAt(at)).add(lateness);
  if (open) noteArrivals(recorder, arrived, 1);
}

/** Notes iterations that will never start. */
export function noteDropped(recorder: Recorder, dropped: Arrived, count: number): void {
  const { scenario, at, open } = dropped;
  recorder.live.dropped += count;
  recorder.counter('dropped_iterations', { scenario }, recorder.phaseAt(at)).add(count);
  if (open) noteArrivals(recorder, dropped, count);
}

function noteArrivals(recorder: Recorder, { scenario, at, lateness }: Arrived, count: number): void {
  const phase = recorder.phaseAt(at);
  recorder.counter('flow_arrivals', { scenario }, phase).add(count);
  if (lateness > LATE_ARRIVAL) recorder.counter('flow_late_arrivals', { scenario }, phase).add(count);
}
