import assert from 'node:assert/strict';
import { Histogram } from '../../../engine/metrics/histogram.js';
import { Live } from '../../../engine/metrics/live-figures.js';

describe('live figures', () => {
  it('sums up the time in flight, over intervals that cut requests in two', () => {
    const live = liveFrom(1000);
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
    assert.deepEqual(liveFrom(0).drain(1000), NOTHING);
  });

  it('is emptied when it is taken out, but for the utilization and what is in flight', () => {
    const live = liveFrom(0);
    live.utilization = 0.5;
    live.requestStarted(0);
    live.requestEnded(10);
    live.drain(2000);
    live.correct(2500, 4);
    live.correct(1999, 7);
    live.correct(1000, -3);
    live.correct(999, 1);
    const lateTokens = [
      [1000, 4],
      [0, 1],
    ];
    assert.deepEqual(live.drain(3000), { ...NOTHING, utilization: 0.5, lateTokens });
    assert.deepEqual(live.drain(4000), { ...NOTHING, utilization: 0.5 });
  });
});

const NOTHING = { lateTokens: [], inFlightTime: 0, inFlightPeak: 0, inFlight: 0, utilization: 0 };

function liveFrom(startAt: number): Live {
  return new Live(startAt, { ttft: new Histogram('time'), itl: new Histogram('time') });
}
