import assert from 'node:assert/strict';
import { Live } from '../../../engine/metrics/live-figures.js';

describe('what happens live', () => {
  it('sums up the time in flight, over intervals that cut requests in two', () => {
    const live = new Live(1000);
    live.requestStarted(1100);
    live.requestStarted(1400);
    live.requestEnded(1600);
    const first = live.drain(2000);
    // One in flight from 100 to 400 and from 600 to 1000, two in between.
    assert.equal(first.inFlightTime, 300 + 2 * 200 + 400);
    assert.deepEqual([first.inFlightPeak, first.inFlight], [2, 1]);
    live.requestEnded(2250);
    const second = live.drain(3000);
    assert.equal(second.inFlightTime, 250);
    assert.deepEqual([second.inFlightPeak, second.inFlight], [1, 0]);
    const third = live.drain(4000);
    assert.deepEqual([third.inFlightTime, third.inFlightPeak, third.inFlight], [0, 0, 0]);
  });

  it('is nothing at first', () => {
    const { requests, failed, outputTokens, inputTokens, utilization, inFlight } = new Live(0).drain(1000);
    assert.deepEqual([requests, failed, outputTokens, inputTokens, utilization, inFlight], [0, 0, 0, 0, 0, 0]);
  });

  it('is emptied when it is taken out, but for what is in flight', () => {
    const live = new Live(0);
    live.requests = 3;
    live.failed = 1;
    live.dropped = 2;
    live.outputTokens = 40;
    live.inputTokens = 10;
    live.utilization = 0.5;
    live.latencies.ttft.record(5);
    live.latencies.tpot.record(6);
    live.latencies.itl.record(7, 4);
    live.latencies.e2e.record(8);
    live.loopDelay.record(1);
    const { latencies, loopDelay, ...rest } = live.drain(1000);
    const counts = Object.fromEntries(Object.entries(latencies).map(([name, { count }]) => [name, count]));
    assert.deepEqual(counts, { ttft: 1, tpot: 1, itl: 4, e2e: 1 });
    assert.equal(loopDelay.max, 1);
    assert.deepEqual(rest, {
      requests: 3,
      failed: 1,
      dropped: 2,
      outputTokens: 40,
      lateTokens: [],
      inputTokens: 10,
      inFlightTime: 0,
      inFlightPeak: 0,
      inFlight: 0,
      utilization: 0.5,
    });
    const next = live.drain(2000);
    assert.equal(next.dropped, 0);
    assert.deepEqual([next.requests, next.failed, next.outputTokens, next.inputTokens], [0, 0, 0, 0]);
    for (const { count } of [...Object.values(next.latencies), next.loopDelay]) assert.equal(count, 0);
  });
});
