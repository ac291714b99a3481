import type { LiveDelta } from './delta.js';
import type { Histogram } from './histogram.js';
import { INTERVAL } from './interval-point.js';

/** Distributions of the series that count as they come. */
interface LiveLatencies {
  readonly ttft: Histogram;
  readonly itl: Histogram;
}

/** Live figures of this worker, reset once an interval. */
export class Live {
  /** Latencies that count as they come. */
  readonly latencies: LiveLatencies;
  utilization = 0;
  #inFlight = 0;
  #inFlightPeak = 0;
  #inFlightTime = 0;
  #changedAt: number;
  readonly #startAt: number;
  #drainedAt: number;
  /** Corrections of tokens in intervals that were drained, by interval. */
  readonly #late = new Map<number, number>();

  constructor(now: number, latencies: LiveLatencies) {
    this.latencies = latencies;
    this.#changedAt = now;
    this.#startAt = now;
    this.#drainedAt = now;
  }

  /** Notes a correction of output tokens at an instant. A negative number removes some. */
  correct(at: number, tokens: number): void {
    if (at >= this.#drainedAt) return;
    const interval = Math.floor((at - this.#startAt) / INTERVAL);
    this.#late.set(interval, (this.#late.get(interval) ?? 0) + tokens);
  }

  requestStarted(now: number): void {
    this.#integrate(now);
    this.#inFlight += 1;
    this.#inFlightPeak = Math.max(this.#inFlightPeak, this.#inFlight);
  }

  requestEnded(now: number): void {
    this.#integrate(now);
    this.#inFlight -= 1;
  }

  drain(now: number): LiveDelta {
    this.#integrate(now);
    const delta: LiveDelta = {
      lateTokens: [...this.#late].map(([interval, tokens]) => [interval * INTERVAL, tokens] as const),
      inFlightTime: this.#inFlightTime,
      inFlightPeak: this.#inFlightPeak,
      inFlight: this.#inFlight,
      utilization: this.utilization,
    };
    this.#drainedAt = now;
    this.#late.clear();
    this.#inFlightTime = 0;
    this.#inFlightPeak = this.#inFlight;
    return delta;
  }

  #integrate(now: number): void {
    this.#inFlightTime += this.#inFlight * (now - this.#changedAt);
    this.#changedAt = now;
  }
}
