import assert from 'node:assert/strict';
import { Aggregator } from '../../../../engine/metrics/aggregator.js';
import { type EndedRequest, MOST_ROWS, RequestRows } from '../../../../engine/metrics/locust/request-rows.js';
import { requestTable } from '../../../../engine/metrics/locust/row-figures.js';
import { currentRates, MOST_CELLS, RowHistory } from '../../../../engine/metrics/locust/row-history.js';
import { Recorder } from '../../../../engine/metrics/recorder.js';

function request(given: Partial<EndedRequest>): EndedRequest {
  return { method: 'POST', name: 'chat', failed: false, time: 100, bytes: 10, ...given };
}

/** Aggregator of two workers that record and report every second. */
function aggregatorOf(seconds: number, record: (recorder: Recorder, from: number) => void): Aggregator {
  const aggregator = new Aggregator();
  const recorders = [0, 1].map((worker) => new Recorder(worker, 0, { from: 0, to: 1000 * seconds }));
  for (let from = 0; from < seconds * 1000; from += 1000) {
    for (const recorder of recorders) {
      record(recorder, from);
      aggregator.apply(structuredClone(recorder.flush(from + 1000, [])));
    }
  }
  return aggregator;
}

describe('rows of requests', () => {
  it('count all workers by method and name, in order of names', () => {
    const aggregator = aggregatorOf(1, (recorder, from) => {
      recorder.request(request({ time: 120, ttft: 50.26, tpot: 8.314, outputTokens: 7 }), from + 200);
      recorder.request(request({ time: 80.5, failed: true, bytes: 4 }), from + 900);
      recorder.request(request({ name: 'items', method: 'GET', time: 3 }), from + 500);
      recorder.request(request({ name: 'chat', method: 'GET', time: 1 }), from + 400);
    });
    const rows = aggregator.rows.inOrder.map((row) => row.drain());
    assert.deepEqual(
      rows.map(({ method, name, failures, bytes, times }) => [method, name, times.count, failures, bytes]),
      [
        ['GET', 'chat', 2, 0, 20],
        ['POST', 'chat', 4, 2, 28],
        ['GET', 'items', 2, 0, 20],
      ],
    );
    const [, chat] = rows;
    assert.deepEqual([chat?.firstAt, chat?.lastAt, chat?.outputTokens], [200, 900, 14]);
    assert.deepEqual(chat?.times, { count: 4, sum: 401, min: 80.5, max: 120, values: [80, 120], counts: [2, 2] });
    assert.deepEqual([chat?.ttft.values, chat?.tpot.values], [[50.3], [8.31]]);
  });

  it('are reported once', () => {
    const recorder = new Recorder(0, 0, { from: 0, to: 1000 });
    recorder.request(request({}), 100);
    assert.equal(recorder.flush(1000, []).rows.length, 1);
    assert.deepEqual(recorder.flush(2000, []).rows, []);
  });

  it('beyond the limit are one', () => {
    const rows = new RequestRows();
    for (let index = 0; index < MOST_ROWS + 5; index += 1) rows.of('GET', `n${index}`).record(request({}), index);
    rows.of('PUT', 'late').record(request({}), 1);
    rows.of('GET', 'n1').record(request({}), 1);
    assert.equal(rows.all.length, MOST_ROWS + 1);
    assert.equal(rows.of('GET', 'n1').times.count, 2);
    const other = rows.all.at(-1);
    assert.deepEqual([other?.method, other?.name, other?.times.count], ['', '(other)', 6]);
  });

  it('have the figures of Locust while the run goes on', () => {
    const aggregator = aggregatorOf(15, (recorder, from) => {
      for (const time of [100, 105, 842.5]) {
        recorder.request(request({ time, failed: time > 800 && from >= 10_000, outputTokens: 10 }), from + 999);
      }
      if (from < 3000) recorder.request(request({ name: 'b', time: 20, ttft: 5 }), from + 1);
    });
    const [b, chat] = requestTable(aggregator).rows;
    assert.deepEqual(chat, {
      method: 'POST',
      name: 'chat',
      requests: 90,
      failures: 10,
      avg: 1047.5 / 3,
      min: 100,
      max: 842.5,
      median: 100,
      p95: 840,
      p99: 840,
      // Seconds 2 to 11: six requests in each, and failures in two of them.
      requestsPerSecond: 6,
      failuresPerSecond: 0.4,
      outputTokensPerSecond: 60,
      ttft: null,
      tpot: null,
    });
    assert.deepEqual([b?.ttft, b?.requestsPerSecond], [{ median: 5, p95: 5 }, 0.2]);
    const all = requestTable(aggregator).aggregated;
    assert.deepEqual([all.method, all.name, all.requests, all.requestsPerSecond], ['', 'Aggregated', 96, 6.2]);
  });

  it('have no figures before the first end', () => {
    const aggregator = new Aggregator();
    assert.deepEqual(requestTable(aggregator).rows, []);
    const { requests, avg, median, requestsPerSecond, ttft } = requestTable(aggregator).aggregated;
    assert.deepEqual([requests, avg, median, requestsPerSecond, ttft], [0, 0, 0, 0, null]);
  });
});

describe('the history of rows', () => {
  const counts = (...values: readonly number[]) => ({
    count: values.length,
    sum: 0,
    min: 0,
    max: 0,
    values,
    counts: values.map(() => 1),
  });
  const point = (...values: readonly number[]) => ({
    failures: 1,
    bytes: 2,
    outputTokens: 3,
    times: counts(...values),
  });

  it('gives what changed since the last look, which makes up all parts', () => {
    const history = new RowHistory<string>(1000);
    const known = new Map<number, unknown>();
    const take = (all: boolean) => {
      const { anew, points } = history.takeChanged('a', all);
      if (anew) known.clear();
      for (const each of points) known.set(each.index, each);
      return points.length;
    };
    // More buckets than fit make it join parts in pairs.
    for (let second = 0; second < 3000; second += 1) {
      history.add('a', 1000 * second, point(...Array.from({ length: 50 }, (_, i) => second + i)));
      history.add('a', 1000 * Math.max(0, second - 5), point(1));
      if (second % 10 === 0) take(second === 500);
    }
    assert.ok(take(false) <= 20);
    assert.ok(history.width > 1000);
    assert.deepEqual([...known.values()], history.points('a'));
  });

  it('keeps every part with requests', () => {
    const history = new RowHistory<string>(1000);
    history.add('a', 2500, point(10));
    history.add('a', 500, point(10));
    history.add('a', 2900, point(10, 20));
    history.add('b', 900, point(5));
    assert.deepEqual(
      history.points('a').map(({ index, failures, times }) => [index, failures, times.values, times.counts]),
      [
        [0, 1, [10], [1]],
        [2, 2, [10, 20], [2, 1]],
      ],
    );
    assert.equal(history.point('b', 0)?.times.count, 1);
    assert.deepEqual([history.point('b', 1), history.points('c')], [undefined, []]);
  });

  it('joins parts in pairs when there is no more room, and loses nothing', () => {
    const history = new RowHistory<number>(1000);
    const all = 4000;
    for (let second = 0; second < all; second += 1) {
      for (let row = 0; row < 30; row += 1) history.add(row, second * 1000 + 500, point(row, row + 1));
    }
    assert.ok(history.width > 1000);
    const points = Array.from({ length: 30 }, (_, row) => history.points(row)).flat();
    assert.ok(points.reduce((sum, { times }) => sum + times.values.length, 0) <= MOST_CELLS);
    assert.equal(
      points.reduce((sum, { times }) => sum + times.count, 0),
      all * 30 * 2,
    );
    assert.equal(Math.max(...points.map(({ index }) => index)), Math.floor((all - 1) / (history.width / 1000)));
  });

  it('keeps all rows, even where one part of each is too much', () => {
    const history = new RowHistory<number>(1000);
    for (let row = 0; row < 4; row += 1) history.add(row, 0, point(...Array.from({ length: 30_000 }, (_, n) => n)));
    assert.equal(history.width, 1000);
    assert.equal(history.points(3)[0]?.times.count, 30_000);
  });

  it('has current rates that end two seconds before the last request, and spread what wider parts have', () => {
    const rates = (width: number, lastAt: number, ...indexes: readonly number[]) => {
      const history = new RowHistory<string>(width);
      for (const index of indexes) history.add('a', index * width, point(1, 2, 3, 4));
      return currentRates((index) => history.point('a', index), width, lastAt);
    };
    assert.deepEqual(rates(1000, 2900, 0, 1, 2), { requests: 0, failures: 0, outputTokens: 0 });
    assert.deepEqual(rates(1000, 3000, 0, 1, 2), { requests: 4, failures: 1, outputTokens: 3 });
    assert.deepEqual(rates(1000, 20_000, 7, 8, 17, 18), { requests: 0.8, failures: 0.2, outputTokens: 0.6 });
    assert.equal(rates(4000, 20_000, 1, 2, 3, 4).requests, 1);
  });
});
