import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EMPTY_DELTA, Histogram, mergeTimes } from '../../../engine/metrics/histogram.js';
import type { HistogramDelta } from '../../../engine/metrics/histogram-delta.js';
import { times } from './deltas.js';

const milliseconds = fc.double({ min: 0, max: 100_000, noNaN: true });
/** Recordings of several workers, some of them empty. */
const workers = fc.array(fc.array(milliseconds, { maxLength: 80 }), { minLength: 1, maxLength: 6 });

/** Compares deltas; sums may differ by the order of their addition. */
function assertSame(found: HistogramDelta, expected: HistogramDelta): void {
  const { sum, sumOfSquares, ...rest } = found;
  const { sum: expectedSum, sumOfSquares: expectedSquares, ...expectedRest } = expected;
  assert.deepEqual(rest, expectedRest);
  assert.ok(Math.abs(sum - expectedSum) <= 1e-9 * expectedSum, `${sum} ${expectedSum}`);
  assert.ok(Math.abs(sumOfSquares - expectedSquares) <= 1e-9 * expectedSquares);
}

describe('histogram deltas', () => {
  it('added to one histogram make the histogram of all samples', () => {
    fc.assert(
      fc.property(workers, (parts) => {
        const merged = new Histogram('time');
        for (const part of parts) merged.add(times(...part));
        assertSame(merged.toDelta(), times(...parts.flat()));
      }),
    );
  });

  it('merged with one another are the delta of all samples', () => {
    fc.assert(
      fc.property(workers, (parts) => {
        const merged = mergeTimes(parts.map((part) => times(...part)));
        assertSame(merged, times(...parts.flat()));
      }),
    );
  });

  it('taken out one after another lose and repeat nothing', () => {
    fc.assert(
      fc.property(workers, (parts) => {
        const source = new Histogram('time');
        const total = new Histogram('time');
        for (const part of parts) {
          for (const value of part) source.record(value);
          total.add(source.drain());
        }
        assertSame(total.toDelta(), times(...parts.flat()));
      }),
    );
  });

  it('have the touched buckets only, in ascending order, and cross to another thread as they are', () => {
    const delta = times(500, 3, 3, 90_000, 3);
    assert.deepEqual([...delta.counts], [3, 1, 1]);
    assert.deepEqual(
      [...delta.indexes],
      [...delta.indexes].sort((a, b) => a - b),
    );
    assert.deepEqual(structuredClone(delta), delta);
    assert.deepEqual(structuredClone(EMPTY_DELTA), times());
  });

  it('have every bucket, also those of the least and of the largest values', () => {
    for (const [contains, highest] of [
      ['time', 3_600_000],
      ['default', Number.MAX_SAFE_INTEGER / 1e6],
    ] as const) {
      const histogram = new Histogram(contains);
      for (const value of [0, 1, 31, 32, 2047, 2048, highest, 1e300]) histogram.record(value);
      const { count, counts } = histogram.drain();
      assert.equal(count, 8);
      assert.deepEqual([...counts], [1, 1, 1, 1, 1, 1, 2]);
      histogram.record(2048);
      assert.deepEqual([...histogram.drain().counts], [1]);
    }
  });

  it('leave a histogram empty when they are taken out of it', () => {
    const histogram = new Histogram('time');
    histogram.record(5);
    histogram.record(700);
    histogram.drain();
    assert.deepEqual(histogram.toDelta(), EMPTY_DELTA);
    assert.equal(histogram.percentile(50), undefined);
    histogram.record(9);
    assert.equal(histogram.percentile(50), 9);
    assert.deepEqual([histogram.count, histogram.min, histogram.max], [1, 9, 9]);
    histogram.record(1);
    histogram.record(90);
    assert.equal(histogram.percentile(30), 1);
  });

  it('do not change when the histogram goes on', () => {
    const histogram = new Histogram('time');
    histogram.record(5);
    const delta = histogram.toDelta();
    const before = structuredClone(delta);
    histogram.record(5);
    histogram.record(6);
    assert.deepEqual(delta, before);
  });
});

describe('the buckets of a histogram', () => {
  for (const [contains, most] of [
    ['time', 3_600_000],
    ['default', 1e9],
  ] as const) {
    it(`make the same histogram again (${contains})`, () => {
      const values = fc.array(fc.double({ min: 0, max: most, noNaN: true }), { minLength: 1, maxLength: 200 });
      fc.assert(
        fc.property(values, (recorded) => {
          const [original, rebuilt] = [new Histogram(contains), new Histogram(contains)];
          for (const value of recorded) original.record(value);
          const buckets = original.buckets();
          for (const [i, value] of buckets.values.entries()) rebuilt.record(value, buckets.counts[i]);
          assert.deepEqual(rebuilt.buckets(), buckets);
          for (const p of [1, 25, 50, 90, 99, 99.9]) {
            const [found, expected] = [rebuilt.percentile(p)!, original.percentile(p)!];
            assert.ok(Math.abs(found - expected) <= 0.001 * expected + 0.001, `p${p}: ${found} for ${expected}`);
          }
        }),
      );
    });
  }
});
