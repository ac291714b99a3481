import { parentPort } from 'node:worker_threads';
import { systemClock as clock, every } from '../../clock.js';
import { Histogram } from '../../metrics/histogram.js';
import type { HistogramDelta } from '../../metrics/histogram-delta.js';
import { INTERVAL } from '../../metrics/interval-point.js';
import type { Phase } from '../../metrics/series.js';
import { phaseAt, type Window } from '../../metrics/window.js';
import { eachDelay, PROBE } from '../thread/health.js';

/** Start of the load, and its steady state. */
export interface ProbeSettings {
  readonly startAt: number;
  readonly steady: Window;
}
/** Event loop delays since the last message, by phase. */
export type IdleDelays = Readonly<Record<Phase, HistogramDelta>>;

/**
 * Idle thread that only measures its event loop delay. It is late only where the machine itself is, so it distinguishes
 * an overloaded worker from a machine that is busy with something else.
 */
parentPort?.once('message', ({ startAt, ...watch }: ProbeSettings) => {
  let { steady } = watch;
  const delays = { steady: new Histogram('time'), outside: new Histogram('time') };
  const stop = every(clock, PROBE, (late) => {
    const since = clock.now() - startAt;
    if (since >= 0) eachDelay(late, (delay) => delays[phaseAt(steady, since)].record(delay));
  });
  const report = () =>
    parentPort?.postMessage({ steady: delays.steady.drain(), outside: delays.outside.drain() } satisfies IdleDelays);
  const stopReporting = every(clock, INTERVAL, report);
  parentPort?.on('message', (message: Window | 'end') => {
    if (message !== 'end') {
      steady = message;
      return;
    }
    stop();
    stopReporting();
    report();
    parentPort?.close();
  });
});
