import assert from 'node:assert/strict';
import { Histogram } from '../../../engine/metrics/histogram.js';
import { INTERVAL } from '../../../engine/metrics/interval-point.js';
import { Intervals, MOST_INTERVALS } from '../../../engine/metrics/intervals.js';
import { deltaOf, liveOf, times, withUsers } from './deltas.js';

const NO_LATENCIES = liveOf().latencies;

describe('more intervals than are kept', () => {
  const SECONDS = MOST_INTERVALS + 40;
  /** Never reported: a pair, and one of a pair. */
  const GAPS = [100, 101, 205];

  /** Run of two workers, each of which ends a request every second. The seconds of `GAPS` have none. */
  function longRun(): { readonly intervals: Intervals; readonly all: Histogram } {
    const intervals = new Intervals();
    const all = new Histogram('time');
    for (let second = 0; second < SECONDS; second += 1) {
      if (GAPS.includes(second)) continue;
      for (const worker of [0, 1]) {
        const ttft = times(1 + ((second * 7919) % 3000), 5 + worker);
        all.add(ttft);
        const live = {
          requests: 1,
          inFlightTime: 500,
          inFlightPeak: 2,
          utilization: (second % 10) / 10,
          latencies: { ...NO_LATENCIES, ttft },
        };
        const [from, to] = [second * INTERVAL, (second + 1) * INTERVAL];
        intervals.add(deltaOf({ worker, from, to, ...withUsers(3), live }));
      }
    }
    return { intervals, all };
  }

  const { intervals, all } = longRun();
  const points = intervals.points();

  it('are not merged before there are too many', () => {
    const full = new Intervals();
    full.add(deltaOf({ from: (MOST_INTERVALS - 1) * INTERVAL, to: MOST_INTERVALS * INTERVAL }));
    assert.deepEqual([full.width, full.length], [INTERVAL, MOST_INTERVALS]);
  });

  it('are merged in pairs, before and after the limit was reached', () => {
    assert.equal(intervals.width, 2 * INTERVAL);
    assert.equal(intervals.length, SECONDS / 2);
    assert.equal(points.length, SECONDS / 2 - 1);
    assert.ok(points.every(({ at, seconds }) => at % 2 === 0 && seconds === 2));
    assert.equal(points.at(-1)?.at, SECONDS - 2);
  });

  it('keep all samples', () => {
    const total = (of: (point: (typeof points)[number]) => number) => points.reduce((sum, point) => sum + of(point), 0);
    assert.equal(
      total(({ requests }) => requests),
      2 * (SECONDS - GAPS.length),
    );
    assert.equal(
      total(({ ttft }) => ttft.count),
      all.count,
    );
    assert.equal(
      total(({ concurrency, seconds }) => concurrency * seconds),
      SECONDS - GAPS.length,
    );
  });

  it('have the percentiles of all their samples', () => {
    for (const point of points.slice(-30)) {
      const both = new Histogram('time');
      for (const second of [point.at, point.at + 1]) {
        for (const worker of [0, 1]) both.add(times(1 + ((second * 7919) % 3000), 5 + worker));
      }
      assert.deepEqual(point.ttft, {
        count: 8,
        p50: both.percentile(50),
        p95: both.percentile(95),
        p99: both.percentile(99),
      });
    }
  });

  it('have the users, the peak and the busiest second of the pair, not their sum', () => {
    for (const { vus, concurrencyPeak } of points) assert.deepEqual([vus, concurrencyPeak], [6, 4]);
    assert.deepEqual(
      points.slice(-5).map(({ at, utilization }) => utilization === ((at + 1) % 10) / 10),
      [true, true, true, true, true],
    );
  });

  it('are gaps only where both are', () => {
    assert.equal(intervals.point(50), undefined);
    assert.equal(intervals.point(102)?.requests, 2);
    assert.equal(intervals.point(103)?.requests, 4);
  });
});
