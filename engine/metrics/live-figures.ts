import type { Followed, LiveDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { INTERVAL } from './interval-point.js';

/** Live figures of this worker, reset once an interval. */
export class Live {
  readonly latencies: Readonly<Record<Followed, Histogram>> = {
    ttft: new Histogram('time'),
    tpot: new Histogram('time'),
    itl: new Histogram('time'),
    e2e: new Histogram('time'),
  };
  readonly loopDelay = new Histogram('time');
  utilization = 0;
  requests = 0;
  failed = 0;
  dropped = 0;
  outputTokens = 0;
  inputTokens = 0;
  #inFlight = 0;
  #inFlightPeak = 0;
  #inFlightTime = 0;
  #changedAt: number;
  readonly #startAt: number;
  #drainedAt: number;
  /** Corrections of tokens in intervals that were drained, by interval. */
  readonly #late = new Map<number, number>();

  constructor(now: number) {
    this.#changedAt = now;
    this.#startAt = now;
    this.#drainedAt = now;
  }

  /** Corrects the output tokens at an instant; a negative number removes some. */
  correct(at: number, tokens: number): void {
    if (at >= this.#drainedAt) {
      this.outputTokens += tokens;
      return;
    }
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
    const { ttft, tpot, itl, e2e } = this.latencies;
    const delta: LiveDelta = {
      latencies: { ttft: ttft.drain(), tpot: tpot.drain(), itl: itl.drain(), e2e: e2e.drain() },
      requests: this.requests,
      failed: this.failed,
      dropped: this.dropped,
      outputTokens: this.outputTokens,
      lateTokens: [...this.#late].map(([interval, tokens]) => [interval * INTERVAL, tokens] as const),
      inputTokens: this.inputTokens,
      inFlightTime: this.#inFlightTime,
      inFlightPeak: this.#inFlightPeak,
      inFlight: this.#inFlight,
      loopDelay: this.loopDelay.drain(),
      utilization: this.utilization,
    };
    this.#drainedAt = now;
    this.#late.clear();
    this.requests = 0;
    this.failed = 0;
    this.dropped = 0;
    this.outputTokens = 0;
    this.inputTokens = 0;
    this.#inFlightTime = 0;
    this.#inFlightPeak = this.#inFlight;
    return delta;
  }

  #integrate(now: number): void {
    this.#inFlightTime += this.#inFlight * (now - this.#changedAt);
    this.#changedAt = now;
  }
}
