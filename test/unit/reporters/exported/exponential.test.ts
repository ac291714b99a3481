import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Histogram } from '../../../../engine/metrics/histogram.js';
import { exponential } from '../../../../reporters/exported/exponential.js';

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram('time');
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('exponential buckets', () => {
  const times = fc.array(
    fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.integer({ min: 0, max: 3_000_000 })),
  );

  it('hold each value, off by 0.1 % or half a microsecond', () => {
    fc.assert(
      fc.property(times, fc.constantFrom(1, 0.001), (values, factor) => {
        const { scale, zeroCount, offset, counts } = exponential(histogramOf(values), factor);
        assert.ok(counts.length <= 160 && scale <= 8, `${counts.length} buckets at scale ${scale}`);
        assert.equal(
          counts.reduce((sum, count) => sum + count, zeroCount),
          values.length,
        );
        const sorted = values.toSorted((a, b) => a - b);
        let upTo = zeroCount;
        assert.ok(sorted.slice(0, zeroCount).every((value) => value < 0.0005 + 1e-9));
        counts.forEach((count, index) => {
          const [low, high] = [index, index + 1].map((edge) => 2 ** ((offset + edge) / 2 ** scale) / factor);
          for (const value of sorted.slice(upTo, upTo + count)) {
            const slack = Math.max(0.00051, value * 0.001);
            assert.ok(value > low! - slack && value < high! + slack, `${value} in ${low} to ${high}`);
          }
          upTo += count;
        });
      }),
    );
  });

  it('only get coarser as a distribution grows', () => {
    fc.assert(
      fc.property(times, times, (before, added) => {
        assert.ok(exponential(histogramOf([...before, ...added])).scale <= exponential(histogramOf(before)).scale);
      }),
    );
  });

  it('are none of an empty histogram, and one of zeros', () => {
    assert.deepEqual(exponential(histogramOf([])), { scale: 8, zeroCount: 0, offset: 0, counts: [] });
    assert.deepEqual(exponential(histogramOf([0, 0])), { scale: 8, zeroCount: 2, offset: 0, counts: [] });
  });
});
