import { FOLLOWED, type Followed } from '../../engine/metrics/delta.js';
import type { IntervalPoint, LatencyPoint } from '../../engine/metrics/interval-point.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';

/** Plain HTTP between two snapshots. Rates per second; mean duration in milliseconds. */
interface HttpMoment {
  readonly requests: number;
  readonly failed: number;
  readonly mean: number | null;
}

/** Figures of one interval of the run for charts. Times in seconds since the load started. */
export interface Moment {
  readonly at: number;
  readonly seconds: number;
  /** Per second, averaged over the interval. */
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly requests: number;
  readonly vus: number;
  /** Planned users; null where no plan gives a number. */
  readonly planned: number | null;
  readonly inFlight: number;
  readonly latencies: Readonly<Record<Followed, LatencyPoint>>;
  readonly http: HttpMoment;
  /** Running requests as reported by the server; null where unknown. */
  readonly serverRunning: number | null;
  readonly serverWaiting: number | null;
}

/** Lengths of time that the charts can show. */
export const WINDOWS = ['1m', '5m', 'whole run'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** Lengths of the limited windows, in seconds. */
export const WINDOW_SECONDS: Readonly<Record<Exclude<WindowName, 'whole run'>, number>> = { '1m': 60, '5m': 300 };

/** Seconds of moments that are kept at full resolution. */
const RECENT = WINDOW_SECONDS['5m'] + 10;

/** Most moments kept of the whole run. Above it they are merged pairwise. */
const MOST_MOMENTS = 800;

/** History of a run in bounded memory. The last minutes by the second, and all of it. */
export class History {
  #recent: Moment[] = [];
  #all: Moment[] = [];
  /** Seconds that a moment of the whole run covers. */
  #stride = 1;
  #before: HttpSoFar = { elapsed: 0, requests: 0, failed: 0, time: 0 };

  /** Adds the snapshot's last interval, if new. */
  add(snapshot: Snapshot): void {
    const { interval } = snapshot;
    if (!interval || interval.at <= (this.#recent.at(-1)?.at ?? -1)) return;
    const soFar = httpSoFar(snapshot);
    const moment = momentOf(interval, snapshot, httpBetween(this.#before, soFar));
    this.#before = soFar;
    this.#recent.push(moment);
    while ((this.#recent[0]?.at ?? moment.at) < moment.at - RECENT) this.#recent.shift();
    this.#all = this.#append(this.#all, moment);
    while (this.#all.length > MOST_MOMENTS) {
      this.#stride *= 2;
      this.#all = this.#all.reduce((merged: Moment[], next) => this.#append(merged, next), []);
    }
  }

  /** Moments of a window that ends now, in order. Missing intervals leave a gap. */
  within(window: WindowName): readonly Moment[] {
    if (window === 'whole run') return this.#all;
    const from = (this.#recent.at(-1)?.at ?? 0) - WINDOW_SECONDS[window];
    return this.#recent.filter(({ at }) => at >= from);
  }

  get latest(): Moment | undefined {
    return this.#recent.at(-1);
  }

  #append(moments: Moment[], next: Moment): Moment[] {
    const last = moments.at(-1);
    const slot = ({ at }: Moment) => Math.floor(at / this.#stride);
    if (last && slot(last) === slot(next)) moments[moments.length - 1] = merged(last, next);
    else moments.push(next);
    return moments;
  }
}

interface HttpSoFar {
  readonly elapsed: number;
  readonly requests: number;
  readonly failed: number;
  /** Sum of all durations. */
  readonly time: number;
}

/** Plain HTTP since the load started. Nothing where requests to models are in the same rows. */
function httpSoFar({ elapsed, totals, aggregated }: Snapshot): HttpSoFar {
  if (totals.requests > 0) return { elapsed, requests: 0, failed: 0, time: 0 };
  const { requests, avg } = aggregated;
  return { elapsed, ...totals.http, time: requests * avg };
}

function httpBetween(a: HttpSoFar, b: HttpSoFar): HttpMoment {
  const seconds = Math.max(1, b.elapsed - a.elapsed) / 1000;
  const requests = Math.max(0, b.requests - a.requests);
  const mean = requests === 0 ? null : Math.max(0, b.time - a.time) / requests;
  return { requests: requests / seconds, failed: Math.max(0, b.failed - a.failed) / seconds, mean };
}

function momentOf(interval: IntervalPoint, { planned, server }: Snapshot, http: HttpMoment): Moment {
  const { at, seconds, outputTokens, inputTokens, requests, vus, concurrency, ttft, tpot, itl, e2e } = interval;
  return {
    at,
    seconds,
    outputTokens: outputTokens / seconds,
    totalTokens: (outputTokens + inputTokens) / seconds,
    requests: requests / seconds,
    vus,
    planned,
    inFlight: concurrency,
    latencies: { ttft, tpot, itl, e2e },
    http,
    serverRunning: server?.figures?.running ?? null,
    serverWaiting: server?.figures?.waiting ?? null,
  };
}

/** Merges two intervals. Rates are averaged; users and latencies take the maximum, so that no peak is lost. */
function merged(a: Moment, b: Moment): Moment {
  const seconds = b.at + b.seconds - a.at;
  const mean = (of: (moment: Moment) => number) => (of(a) * a.seconds + of(b) * b.seconds) / (a.seconds + b.seconds);
  const latencies = Object.fromEntries(
    FOLLOWED.map((name) => [name, higher(a.latencies[name], b.latencies[name])]),
  ) as Record<Followed, LatencyPoint>;
  return {
    at: a.at,
    seconds,
    outputTokens: mean(({ outputTokens }) => outputTokens),
    totalTokens: mean(({ totalTokens }) => totalTokens),
    requests: mean(({ requests }) => requests),
    vus: Math.max(a.vus, b.vus),
    planned: highest(a.planned, b.planned),
    inFlight: mean(({ inFlight }) => inFlight),
    latencies,
    http: {
      requests: mean(({ http }) => http.requests),
      failed: mean(({ http }) => http.failed),
      mean: highest(a.http.mean, b.http.mean),
    },
    serverRunning: highest(a.serverRunning, b.serverRunning),
    serverWaiting: highest(a.serverWaiting, b.serverWaiting),
  };
}

function higher(a: LatencyPoint, b: LatencyPoint): LatencyPoint {
  return {
    count: a.count + b.count,
    p50: highest(a.p50, b.p50),
    p95: highest(a.p95, b.p95),
    p99: highest(a.p99, b.p99),
  };
}

function highest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
