import type { ServerPoint } from './server-record.js';
import { secondsOf, type Window } from './window.js';

/** Mean and peak of a server's gauge. */
interface GaugeSummary {
  readonly mean: number;
  readonly max: number;
}

/** Gauges of the servers in one window. */
export interface ServerLoad {
  readonly running: GaugeSummary;
  readonly waiting: GaugeSummary;
  /** Share of the key-value cache, 0 to 1; null where not reported. */
  readonly kvCache: GaugeSummary | null;
}

/** Summarizes the looks in a window, in milliseconds. Null without any. */
export function serverLoadOf(points: readonly ServerPoint[], { from, to }: Window): ServerLoad | null {
  const inside = points.filter(({ at }) => at * 1000 >= from && at * 1000 <= to);
  if (inside.length === 0) return null;
  const gauge = (values: readonly number[]): GaugeSummary => ({
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: Math.max(...values),
  });
  const caches = inside.flatMap(({ kvCache }) => kvCache ?? []);
  return {
    running: gauge(inside.map(({ running }) => running)),
    waiting: gauge(inside.map(({ waiting }) => waiting)),
    kvCache: caches.length === 0 ? null : gauge(caches),
  };
}

/** Least window, and least difference as a number and as a share. */
const LEAST_SECONDS = 2;
const LEAST_REQUESTS = 8;
const LEAST_SHARE = 0.25;

/**
 * Sentence on a disagreement between requests in flight and the server's counts. Undefined where they agree, or are too
 * few.
 */
export function disagreementOf(inFlight: number, load: ServerLoad | null, window: Window): string | undefined {
  if (!load || secondsOf(window) < LEAST_SECONDS) return undefined;
  const known = load.running.mean + load.waiting.mean;
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  const waiting = load.waiting.mean < 0.5 ? 'none' : whole(load.waiting.mean);
  const counts = `${whole(inFlight)} in flight, ${whole(load.running.mean)} running, ${waiting} waiting`;
  const missing = inFlight - known;
  if (missing >= LEAST_REQUESTS && missing >= LEAST_SHARE * inFlight) {
    return `${counts}: the server's front-end is the limit: the other requests have not reached the engine`;
  }
  if (-missing >= LEAST_REQUESTS && -missing >= LEAST_SHARE * known) {
    return `${counts}: the server works for others too, whose requests are in these latencies`;
  }
  return undefined;
}
