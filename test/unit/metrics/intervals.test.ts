import assert from 'node:assert/strict';
import { INTERVAL } from '../../../engine/metrics/interval-point.js';
import { Intervals, MOST_INTERVALS } from '../../../engine/metrics/intervals.js';
import { deltaOf, liveOf, times, withUsers } from './deltas.js';

const NO_LATENCIES = liveOf().latencies;

describe('the intervals of a run', () => {
  it('give what changed since the last look, which makes up all points', () => {
    const intervals = new Intervals();
    const known = new Map<number, unknown>();
    let given = 0;
    for (let second = 0; second < MOST_INTERVALS + 200; second += 1) {
      const [from, to] = [second * INTERVAL, (second + 1) * INTERVAL];
      const late = second % 7 === 0 && second > 50 ? [[from - 40_000, -2] as const] : [];
      const live = {
        requests: second,
        outputTokens: 10,
        lateTokens: late,
        latencies: { ...NO_LATENCIES, itl: times(second) },
      };
      intervals.add(deltaOf({ from, to, live }));
      if (second % 10 !== 0) continue;
      const { anew, points } = intervals.takeChanged(second === 100);
      if (anew) known.clear();
      for (const point of points) known.set(point.at, point);
      if (second > 100 && second < MOST_INTERVALS) given = Math.max(given, points.length);
    }
    for (const point of intervals.takeChanged(false).points) known.set(point.at, point);
    assert.deepEqual([...known.values()], intervals.points());
    assert.ok(given <= 14, `${given} points of 10 seconds`);
  });

  it('put the workers’ reports of the same second together', () => {
    const intervals = new Intervals();
    const common = { failed: 1, outputTokens: 50, inputTokens: 20, loopDelay: times(1, 2) };
    intervals.add(
      deltaOf({
        worker: 0,
        ...withUsers(3),
        live: {
          ...common,
          requests: 4,
          dropped: 1,
          inFlightTime: 2500,
          inFlightPeak: 3,
          utilization: 0.2,
          latencies: { ...NO_LATENCIES, ttft: times(1, 1.2) },
        },
      }),
    );
    intervals.add(
      deltaOf({
        worker: 1,
        ...withUsers(2),
        live: {
          ...common,
          requests: 5,
          dropped: 2,
          inFlightTime: 1500,
          inFlightPeak: 2,
          utilization: 0.6,
          latencies: { ...NO_LATENCIES, ttft: times(1.5), e2e: times(400) },
        },
      }),
    );
    const [point, ...others] = intervals.points();
    assert.deepEqual(others, []);
    const nothing = { count: 0, p50: null, p95: null, p99: null };
    assert.deepEqual(point, {
      at: 0,
      seconds: 1,
      vus: 5,
      concurrency: 4,
      concurrencyPeak: 5,
      requests: 9,
      failed: 2,
      dropped: 3,
      outputTokens: 100,
      inputTokens: 40,
      ttft: { count: 3, p50: 1.2, p95: 1.5, p99: 1.5 },
      tpot: nothing,
      itl: nothing,
      e2e: { count: 1, p50: 400, p95: 400, p99: 400 },
      loopDelay: 2,
      utilization: 0.6,
    });
  });

  const places: readonly (readonly [what: string, from: number, to: number, index: number])[] = [
    ['on time', 2000, 3000, 2],
    ['a little late', 2004, 3007, 2],
    ['a little early', 1999.5, 2999.4, 2],
    ['late by half a second', 2000, 3500, 2],
    ['a short rest at the end of the run', 3007, 3200, 3],
    ['very late', 2000, 5100, 3],
    ['flushed before the load began', -3, -1, 0],
  ];
  for (const [what, from, to, index] of places) {
    it(`have a report that is ${what} (${from} to ${to}) in interval ${index}`, () => {
      const intervals = new Intervals();
      intervals.add(deltaOf({ from, to }));
      assert.equal(intervals.length, index + 1);
      assert.equal(intervals.point(index)?.at, index);
    });
  }

  it('count the users of a worker once, though it may report twice', () => {
    const intervals = new Intervals();
    const report = (worker: number, from: number, to: number, users: number, inFlightPeak: number) =>
      intervals.add(deltaOf({ worker, from, to, ...withUsers(users), live: { inFlightPeak, requests: 1 } }));
    report(0, 0, 998, 4, 6);
    report(1, 0, 1001, 3, 2);
    report(0, 998, 1000.5, 4, 5);
    const point = intervals.point(0);
    assert.deepEqual([point?.vus, point?.concurrencyPeak, point?.requests], [7, 8, 3]);
  });

  it('have no users where a worker has none', () => {
    const intervals = new Intervals();
    intervals.add(deltaOf());
    assert.deepEqual([intervals.point(0)?.vus, intervals.point(0)?.concurrencyPeak], [0, 0]);
  });

  it('leave gaps without reports', () => {
    const intervals = new Intervals();
    intervals.add(deltaOf({ from: 0, to: 1000 }));
    intervals.add(deltaOf({ from: 3000, to: 4000 }));
    assert.equal(intervals.length, 4);
    assert.equal(intervals.point(1), undefined);
    assert.equal(intervals.point(17), undefined);
    assert.deepEqual(
      intervals.points().map(({ at }) => at),
      [0, 3],
    );
  });
});

describe('sections of intervals', () => {
  const intervals = new Intervals();
  for (let second = 0; second < 50; second += 1) {
    if (second === 40) continue;
    intervals.add(
      deltaOf({
        from: second * 1000,
        to: (second + 1) * 1000,
        live: { requests: 1, latencies: { ...NO_LATENCIES, ttft: times(second) } },
      }),
    );
  }

  it('are equally long, no more than asked for, and lie within the window', () => {
    const sections = intervals.sections(2500, 38_999, 20);
    assert.equal(sections.length, 17);
    assert.deepEqual(
      sections.map(({ seconds, requests, latencies }) => [seconds, requests, latencies.ttft.min]),
      Array.from({ length: 17 }, (_, index) => [2, 2, 3 + 2 * index]),
    );
    assert.equal(intervals.sections(0, 10_000, 20).length, 10);
  });

  it('are left out where part of them was not recorded', () => {
    assert.deepEqual(
      intervals.sections(37_000, 45_000, 4).map(({ latencies }) => latencies.ttft.min),
      [37, 41, 43],
    );
    assert.deepEqual(intervals.sections(60_000, 90_000, 4), []);
    assert.deepEqual(intervals.sections(500, 900, 4), []);
  });
});
