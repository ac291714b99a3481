import assert from 'node:assert/strict';
import type { Summary } from '../../engine/index.js';

/** Arrivals per second, length in seconds, and a stop in milliseconds. The server or the generator stops. */
export const RATE = 50;
export const SECONDS = 5;
export const STALL = 2000;

/** Number of a trend's values above a limit. */
export function countAbove(summary: Summary, metric: string, limit: number): number {
  const { values = [], counts = [] } = summary.metrics[metric]?.histogram ?? {};
  return values.reduce((sum, value, i) => sum + (value > limit ? (counts[i] ?? 0) : 0), 0);
}

/**
 * Asserts that waits spread evenly from 0 to the stop's length. Then `RATE` × (`STALL` − x) requests wait for longer
 * than x, give or take `tolerance`.
 */
export function assertWaitedEvenly(summary: Summary, metric: string, tolerance: number): void {
  for (const x of [400, 800, 1200, 1600]) {
    const predicted = (RATE * (STALL - x)) / 1000;
    const found = countAbove(summary, metric, x);
    const difference = Math.abs(found - predicted);
    assert.ok(difference <= tolerance, `${found} ${metric} above ${x} ms, by theory ${predicted}`);
  }
}
