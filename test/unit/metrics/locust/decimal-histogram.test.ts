import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type DecimalCounts,
  DecimalHistogram,
  fineBucket,
  locustBucket,
  locustMedian,
  locustPercentile,
  meanOf,
  NO_COUNTS,
  sumOfCounts,
} from '../../../../engine/metrics/locust/decimal-histogram.js';

function countsOf(values: readonly number[], bucketOf = locustBucket): DecimalCounts {
  const histogram = new DecimalHistogram(bucketOf);
  for (const value of values) histogram.record(value);
  return histogram.toCounts();
}

const upTo = (count: number, step = 1) => Array.from({ length: count }, (_, index) => (index + 1) * step);

/** Milliseconds of every size, often near the borders between buckets. */
const times = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 200_000, noNaN: true }),
    fc.integer({ min: 0, max: 20_000 }).map((half) => half / 2),
    fc.integer({ min: 0, max: 3000 }).map((fives) => fives * 5),
  ),
  { minLength: 1, maxLength: 300 },
);

/** Locust's rule: Python's `round(x, -digits)`, computed with exact fractions. */
function pythonBucket(x: number): number {
  let scaled = x;
  let scale = 10n ** (x < 100 ? 0n : x < 1000 ? 1n : x < 10_000 ? 2n : 3n);
  const unit = Number(scale);
  for (; !Number.isInteger(scaled); scaled *= 2) scale *= 2n;
  const [below, rest] = [BigInt(scaled) / scale, BigInt(scaled) % scale];
  const isUp = 2n * rest > scale || (2n * rest === scale && below % 2n === 1n);
  return Number(below + (isUp ? 1n : 0n)) * unit;
}

describe("Locust's buckets", () => {
  const rows: readonly (readonly [number, number])[] = [
    [0, 0],
    [0.4, 0],
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [98.5, 98],
    [99.4, 99],
    [99.5, 100],
    [99.999, 100],
    [100, 100],
    [104.9, 100],
    [105, 100],
    [115, 120],
    [125, 120],
    [145, 140],
    [145.00000000000003, 150],
    [149.99, 150],
    [994.9, 990],
    [995, 1000],
    [1049, 1000],
    [1050, 1000],
    [1150, 1200],
    [9949.9, 9900],
    [9950, 10_000],
    [10_499, 10_000],
    [10_500, 10_000],
    [11_500, 12_000],
    [58_760, 59_000],
    [123_456, 123_000],
  ];
  for (const [ms, bucket] of rows) {
    it(`count ${ms} ms as ${bucket}`, () => assert.equal(locustBucket(ms), bucket));
  }

  it('are those of the rule in exact arithmetic', () => {
    fc.assert(
      fc.property(times, (all) => {
        for (const ms of all) assert.equal(locustBucket(ms), pythonBucket(ms), String(ms));
      }),
    );
  });
});

describe('fine buckets', () => {
  const rows: readonly (readonly [number, number])[] = [
    [0, 0],
    [0.004, 0],
    [0.016, 0.02],
    [8.314, 8.31],
    [9.996, 10],
    [52.163, 52.2],
    [523.4, 523],
    [1234.5, 1230],
    [12_345, 12_300],
  ];
  for (const [ms, bucket] of rows) {
    it(`count ${ms} ms as ${bucket}`, () => assert.equal(fineBucket(ms), bucket));
  }

  it('are off by half a percent at most, or by a two-hundredth of a millisecond', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (ms) => {
        assert.ok(Math.abs(fineBucket(ms) - ms) <= Math.max(0.005, ms * 0.005) * (1 + 1e-9));
      }),
    );
  });
});

describe('figures of decimal buckets', () => {
  const SHARES = [0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 1];
  const rows: readonly (readonly [string, readonly number[], median: number, percentiles: readonly number[]])[] = [
    ['one slow request', [6034], 6034, SHARES.map(() => 6000)],
    ['1 to 1000', upTo(1000), 500, [500, 660, 750, 800, 900, 950, 980, 990, 1000, 1000, 1000]],
    ['100 to 1000 in steps of 100', upTo(10, 100), 600, [600, 700, 800, 900, 1000, 1000, 1000, 1000, 1000, 1000, 1000]],
    ['0 to 99', upTo(100).map((n) => n - 1), 50, [50, 66, 75, 80, 90, 95, 98, 99, 99, 99, 99]],
    [
      'nine of 10 and one of 1000',
      [...Array<number>(9).fill(10), 1000],
      10,
      [10, 10, 10, 10, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
    ],
    ['nothing', [], 0, SHARES.map(() => 0)],
  ];
  for (const [title, values, median, percentiles] of rows) {
    it(`of ${title} are Locust's`, () => {
      const counts = countsOf(values);
      assert.equal(locustMedian(counts), median);
      assert.deepEqual(
        SHARES.map((share) => locustPercentile(counts, share)),
        percentiles,
      );
    });
  }

  it('are those of the sorted buckets at ⌊n · share⌋', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const sorted = values.map(locustBucket).sort((a, b) => a - b);
        const index = Math.min(values.length - 1, Math.floor(values.length * share));
        assert.equal(locustPercentile(countsOf(values), share), sorted[index]);
      }),
    );
  });

  it('do not depend on who counted which part', () => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 4 }), (parts) => {
        const whole = countsOf(parts.flat());
        const joined = sumOfCounts(parts.map((part) => structuredClone(countsOf(part))));
        assert.ok(Math.abs(meanOf(joined) - meanOf(whole)) <= 1e-9 * whole.sum);
        assert.deepEqual({ ...joined, sum: 0 }, { ...whole, sum: 0 });
      }),
    );
  });

  it('have exact means, minima and maxima', () => {
    const counts = countsOf([100.4, 842.5]);
    assert.deepEqual([meanOf(counts), counts.min, counts.max], [471.45, 100.4, 842.5]);
    assert.equal(meanOf(NO_COUNTS), 0);
  });

  it('begin anew when they are drained', () => {
    const histogram = new DecimalHistogram(locustBucket);
    histogram.record(5);
    histogram.record(7, 2);
    assert.deepEqual(histogram.drain(), { count: 3, sum: 19, min: 5, max: 7, values: [5, 7], counts: [1, 2] });
    assert.deepEqual(histogram.drain(), NO_COUNTS);
    histogram.record(6);
    assert.deepEqual(histogram.drain(), { count: 1, sum: 6, min: 6, max: 6, values: [6], counts: [1] });
  });
});
