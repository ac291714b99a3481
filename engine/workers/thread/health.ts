import { PerformanceObserver, performance } from 'node:perf_hooks';
import { type Clock, every } from '../../clock.js';
import type { Recorder } from '../../metrics/recorder.js';
import type { Phase, Tags } from '../../metrics/series.js';

/** How often the thread's event loop is asked how late it is, in milliseconds. */
export const PROBE = 10;

/**
 * Calls `note` with every delay that probes found, or would have found: a long one has swallowed the probes after it,
 * which would have been late as well.
 */
export function eachDelay(longest: number, note: (delay: number) => void): void {
  for (let late = longest; late >= 0; late -= PROBE) note(late);
}

/** Watches this thread while the load runs: how late its event loop is, how busy, how long garbage collection stops it. */
export class HealthProbe {
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #tags: Tags;
  readonly #stop: () => void;
  readonly #observer: PerformanceObserver;
  #last = performance.eventLoopUtilization();

  constructor(clock: Clock, recorder: Recorder, worker: number) {
    this.#clock = clock;
    this.#recorder = recorder;
    this.#tags = { worker: String(worker) };
    this.#stop = every(clock, PROBE, (late) => this.#noteDelay(late));
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) this.#notePause(startTime, duration);
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Takes the thread's busy share since the last call into the recorder. */
  measureUtilization(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#last);
    this.#last = now;
    this.#recorder.live.utilization = utilization;
    this.#recorder.trend('generator_utilization', this.#tags, this.#phaseAt(this.#clock.now())).add(utilization);
  }

  close(): void {
    this.#stop();
    this.#observer.disconnect();
  }

  #noteDelay(delay: number): void {
    if (this.#recorder.since(this.#clock.now()) < 0) return;
    const trend = this.#recorder.trend('generator_loop_delay', this.#tags, this.#phaseAt(this.#clock.now()));
    eachDelay(delay, (late) => {
      this.#recorder.live.loopDelay.record(late);
      trend.add(late);
    });
  }

  #notePause(startTime: number, duration: number): void {
    const at = this.#clock.now() - performance.now() + startTime;
    this.#recorder.trend('generator_gc_pause', this.#tags, this.#phaseAt(at)).add(duration);
  }

  #phaseAt(at: number): Phase {
    return this.#recorder.phaseAt(at);
  }
}
