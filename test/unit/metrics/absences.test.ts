import assert from 'node:assert/strict';
import { absencesOf } from '../../../engine/metrics/absences.js';
import type { FailureGroup } from '../../../engine/metrics/delta.js';
import type { IntervalPoint } from '../../../engine/metrics/interval-point.js';

const NOTHING = { count: 0, p50: null, p95: null, p99: null };
const point = (at: number, requests: number, failed: number): IntervalPoint => ({
  ...{ at, seconds: 1, vus: 1, concurrency: 1, concurrencyPeak: 1, requests, failed, dropped: 0 },
  ...{ outputTokens: 0, inputTokens: 0, ttft: NOTHING, tpot: NOTHING, itl: NOTHING, e2e: NOTHING },
  ...{ loopDelay: null, utilization: 0 },
});
const failure = (kind: string, count: number, firstAt: number, lastAt: number): FailureGroup => ({
  ...{ scenario: 's', method: 'POST', name: 'chat', kind, status: undefined, message: '' },
  ...{ count, firstAt, lastAt },
});
const spans = (failures: readonly FailureGroup[], ...points: readonly [requests: number, failed: number][]) =>
  absencesOf(failures, () => points.map(([requests, failed], at) => point(at, requests, failed)));

describe('the absence of a server', () => {
  it('is from the first connection that failed to the last, where nothing else ended', () => {
    const failures = [failure('connect', 30, 1200, 4700), failure('stream_cut', 2, 1100, 1100)];
    assert.deepEqual(spans(failures, [9, 0], [12, 12], [10, 10], [0, 0], [10, 10], [9, 0]), [{ from: 1.2, to: 4.7 }]);
  });

  it('begins and ends within intervals with successes', () => {
    const failures = [failure('connect', 30, 900, 4200)];
    assert.deepEqual(spans(failures, [9, 1], [12, 12], [10, 10], [10, 10], [9, 1]), [{ from: 0.9, to: 4.2 }]);
  });

  it('has several parts where the server was back in between', () => {
    const failures = [failure('connect', 20, 0, 3900)];
    const found = spans(failures, [5, 5], [9, 1], [8, 8], [7, 7]);
    assert.deepEqual(found, [
      { from: 0, to: 1 },
      { from: 2, to: 3.9 },
    ]);
  });

  it('is none where single connections failed, or all requests for other reasons', () => {
    assert.deepEqual(spans([failure('connect', 1, 1200, 1200)], [9, 0], [1, 1], [9, 0]), []);
    assert.deepEqual(spans([failure('connect', 5, 0, 2900)], [9, 1], [9, 2], [9, 2]), []);
    assert.deepEqual(spans([failure('http_status', 27, 0, 2900)], [9, 9], [9, 9], [9, 9]), []);
    assert.deepEqual(
      spans([failure('connect', 2, 0, 2900), failure('http_status', 25, 0, 2900)], [9, 9], [9, 9], [9, 9]),
      [],
    );
    assert.deepEqual(spans([]), []);
  });
});
