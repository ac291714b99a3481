import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { systemClock as clock } from '../../clock.js';
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

/** Never changed, so that a wait for it takes its whole time. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/**
 * Idle thread that only measures how late it wakes. It is late only where the machine itself is, so it distinguishes an
 * overloaded worker from a machine that is busy with something else. It waits without an event loop, whose timers cost
 * twice as much.
 */
parentPort?.once('message', (settings: ProbeSettings) => {
  const { startAt } = settings;
  let { steady } = settings;
  const delays = { steady: new Histogram('time'), outside: new Histogram('time') };
  const report = () =>
    parentPort?.postMessage({ steady: delays.steady.drain(), outside: delays.outside.drain() } satisfies IdleDelays);
  let reportAt = clock.now() + INTERVAL;
  for (let due = clock.now() + PROBE; ; ) {
    // Whole milliseconds and at least one, as a timer of a worker's event loop.
    Atomics.wait(NEVER, 0, 0, Math.max(1, Math.trunc(due - clock.now())));
    const now = clock.now();
    const late = Math.max(0, now - due);
    due += PROBE * (1 + Math.floor(late / PROBE));
    if (now >= startAt) eachDelay(late, (delay) => delays[phaseAt(steady, now - startAt)].record(delay));
    const message = received();
    if (message !== undefined && message !== 'end') steady = message;
    if (message !== 'end' && now < reportAt) continue;
    reportAt = now + INTERVAL;
    report();
    if (message === 'end') break;
  }
  parentPort?.close();
});

/** Next message of the main thread: another steady state, or the end. */
function received(): Window | 'end' | undefined {
  return parentPort ? (receiveMessageOnPort(parentPort)?.message as Window | 'end' | undefined) : 'end';
}
