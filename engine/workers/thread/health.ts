import { PerformanceObserver, performance } from 'node:perf_hooks';
import { type Clock, every } from '../../clock.js';
import type { Recorder } from '../../metrics/recorder.js';
import type { Phase, Tags } from '../../metrics/series.js';

/** Interval of event loop delay probes, in milliseconds. */
export const PROBE = 10;

/**
 * Calls `note` with every delay that probes found, or would have found. A long delay has swallowed the probes after it,
 * which would have been late as well.
 */
export function eachDelay(longest: number, note: (delay: number) => void): void {
  for (let late = longest; late >= 0; late -= PROBE) note(late);
}

/**
 * Health probe of this thread while the load runs. It measures event loop delay, utilization and pauses of garbage
 * collection.
 */
export class HealthProbe {
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #tags: Tags;
  readonly #stop: () => void;
  readonly #observer: PerformanceObserver;
  #last: { readonly at: number; readonly worked: number };

  constructor(clock: Clock, recorder: Recorder, worker: number) {
    this.#clock = clock;
    this.#last = { at: clock.now(), worked: clock.worked() };
    this.#recorder = recorder;
    this.#tags = { worker: String(worker) };
    this.#stop = every(clock, PROBE, (late) => this.#recordDelay(late));
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) this.#recordPause(startTime, duration);
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Records the thread's utilization since the last call. */
  measureUtilization(): void {
    const [at, worked] = [this.#clock.now(), this.#clock.worked()];
    const passed = at - this.#last.at;
    const utilization = passed > 0 ? Math.min(1, (worked - this.#last.worked) / passed) : 0;
    this.#last = { at, worked };
    this.#recorder.live.utilization = utilization;
    this.#recorder.trend('generator_utilization', this.#tags, this.#phaseAt(at)).add(utilization);
  }

  close(): void {
    this.#stop();
    this.#observer.disconnect();
  }

  #recordDelay(delay: number): void {
    if (this.#recorder.since(this.#clock.now()) < 0) return;
    const trend = this.#recorder.trend('generator_loop_delay', this.#tags, this.#phaseAt(this.#clock.now()));
    eachDelay(delay, (late) => trend.add(late));
  }

  #recordPause(startTime: number, duration: number): void {
    const at = this.#clock.now() - performance.now() + startTime;
    this.#recorder.trend('generator_gc_pause', this.#tags, this.#phaseAt(at)).add(duration);
  }

  #phaseAt(at: number): Phase {
    return this.#recorder.phaseAt(at);
  }
}
