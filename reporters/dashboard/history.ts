import { FOLLOWED, type Followed } from '../../engine/metrics/delta.js';
import type { IntervalPoint, LatencyPoint } from '../../engine/metrics/interval-point.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';

/** The run over one stretch of time, as the charts need it. Times in seconds since the load started. */
export interface Moment {
  readonly at: number;
  readonly seconds: number;
  /** A second, over the stretch. */
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly requests: number;
  readonly vus: number;
  /** How many users there were to be; null where no plan said so. */
  readonly planned: number | null;
  readonly inFlight: number;
  readonly latencies: Readonly<Record<Followed, LatencyPoint>>;
  /** Requests at the server, by its own word; null where it does not tell. */
  readonly serverRunning: number | null;
  readonly serverWaiting: number | null;
}

/** How much of the run the charts show. */
export const WINDOWS = ['1m', '5m', 'whole run'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** The lengths of the windows that have one, in seconds. */
export const WINDOW_SECONDS: Readonly<Record<Exclude<WindowName, 'whole run'>, number>> = { '1m': 60, '5m': 300 };

/** Moments are kept as they come for so many seconds. */
const RECENT = WINDOW_SECONDS['5m'] + 10;

/** Of the whole run no more moments than this are kept: when there are more, they are merged pairwise. */
const MOST_MOMENTS = 800;

/** What there is to draw of a run: the last minutes second by second, and all of it in bounded memory. */
export class History {
  #recent: Moment[] = [];
  #all: Moment[] = [];
  /** Seconds that a moment of the whole run covers. */
  #stride = 1;

  /** Takes the snapshot's last interval, where it is a new one. */
  add(snapshot: Snapshot): void {
    const { interval } = snapshot;
    if (!interval || interval.at <= (this.#recent.at(-1)?.at ?? -1)) return;
    const moment = momentOf(interval, snapshot);
    this.#recent.push(moment);
    while ((this.#recent[0]?.at ?? moment.at) < moment.at - RECENT) this.#recent.shift();
    this.#all = this.#append(this.#all, moment);
    while (this.#all.length > MOST_MOMENTS) {
      this.#stride *= 2;
      this.#all = this.#all.reduce((merged: Moment[], next) => this.#append(merged, next), []);
    }
  }

  /** The moments of a window that ends now, in order. Where there was none there is a gap between two. */
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

function momentOf(interval: IntervalPoint, { planned, server }: Snapshot): Moment {
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
    serverRunning: server?.figures?.running ?? null,
    serverWaiting: server?.figures?.waiting ?? null,
  };
}

/** Two stretches as one: what flows is averaged; of users and latencies the higher counts, so that no peak is lost. */
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
