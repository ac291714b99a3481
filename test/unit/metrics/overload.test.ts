import assert from 'node:assert/strict';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { deltaOf } from './deltas.js';

/** Aggregator of workers with these utilizations, second by second. */
function aggregatorOf(...workers: readonly (readonly number[])[]): Aggregator {
  const aggregator = new Aggregator();
  for (const [worker, shares] of workers.entries()) {
    for (const [second, utilization] of shares.entries()) {
      aggregator.apply(deltaOf({ worker, from: second * 1000, to: (second + 1) * 1000, live: { utilization } }));
    }
  }
  return aggregator;
}

describe('the overload of workers', () => {
  const table: readonly {
    what: string;
    workers: readonly (readonly number[])[];
    above80: number;
    above95: number;
  }[] = [
    { what: 'is nothing without workers', workers: [], above80: 0, above95: 0 },
    { what: 'is nothing at the limit itself', workers: [[0.8, 0.8, 0.5]], above80: 0, above95: 0 },
    { what: 'counts seconds above 80 %', workers: [[0.9, 0.95, 0.81]], above80: 3000, above95: 0 },
    { what: 'counts those above 95 % as above 80 % as well', workers: [[0.9, 0.99, 1]], above80: 3000, above95: 2000 },
    { what: 'begins anew after a rest', workers: [[0.9, 0.9, 0.1, 0.9]], above80: 2000, above95: 0 },
    { what: 'is that of the worst worker', workers: [[0.9], [0.9, 0.9], [0.1]], above80: 2000, above95: 0 },
    {
      what: 'does not add up over workers',
      workers: [
        [0.99, 0.1],
        [0.1, 0.99],
      ],
      above80: 1000,
      above95: 1000,
    },
  ];
  for (const { what, workers, above80, above95 } of table) {
    it(what, () => assert.deepEqual(aggregatorOf(...workers).overload, { above80, above95 }));
  }

  it('goes by time, not by the number of reports', () => {
    const aggregator = new Aggregator();
    aggregator.apply(deltaOf({ from: 0, to: 4500, live: { utilization: 1 } }));
    assert.deepEqual(aggregator.overload, { above80: 4500, above95: 4500 });
  });
});

describe('the peak of requests in flight', () => {
  it('is at most the sum of what the workers last had at once', () => {
    const aggregator = new Aggregator();
    assert.equal(aggregator.peakInFlight, 0);
    const apply = (worker: number, inFlightPeak: number) =>
      aggregator.apply(deltaOf({ worker, live: { inFlightPeak } }));
    apply(0, 5);
    assert.equal(aggregator.peakInFlight, 5);
    apply(1, 7);
    assert.equal(aggregator.peakInFlight, 12);
    apply(0, 1);
    apply(1, 2);
    assert.equal(aggregator.peakInFlight, 12);
    apply(0, 30);
    assert.equal(aggregator.peakInFlight, 32);
  });
});
