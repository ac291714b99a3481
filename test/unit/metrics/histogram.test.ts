import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Histogram } from '../../../engine/metrics/histogram.js';

const PERCENTILES = [0, 1, 25, 50, 75, 90, 95, 99, 99.9, 100];

/** Least sample that at least `p` percent of samples do not exceed. */
function exactPercentile(sorted: readonly number[], p: number): number {
  // In thousandths of a percent, for p / 100 × n may come out a hair above a whole number.
  const rank = Math.ceil((Math.round(p * 1000) * sorted.length) / 100_000);
  return sorted[Math.max(1, rank) - 1]!;
}

function assertClose(found: number | undefined, expected: number, allowed: number, what: string): void {
  assert.ok(found !== undefined && Math.abs(found - expected) <= allowed, `${what}: ${found} for ${expected}`);
}

/** Numbers of every magnitude between two bounds, on a log scale. */
function ofEverySize(least: number, most: number): fc.Arbitrary<number> {
  const [from, to] = [Math.log(least), Math.log(most)];
  return fc.double({ min: from, max: to, noNaN: true }).map((log) => Math.min(most, Math.max(least, Math.exp(log))));
}

/** Samples of one histogram: now all over the place, now close together. */
function samples(least: number, most: number): fc.Arbitrary<number[]> {
  const wide = fc.array(ofEverySize(least, most), { minLength: 1, maxLength: 300 });
  const narrow = fc
    .tuple(ofEverySize(least, most / 2), fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 1 }))
    .map(([base, factors]) => factors.map((factor) => base * factor));
  return fc.oneof(wide, narrow);
}

const CASES = [
  { contains: 'time', what: 'times from 1 µs to 1 h', least: 0.001, most: 3_600_000, unit: 0.001 },
  { contains: 'default', what: 'values from a millionth to a billion', least: 1e-6, most: 1e9, unit: 1e-6 },
  { contains: 'data', what: 'bytes', least: 1, most: 1e9, unit: 1e-6 },
] as const;

for (const { contains, what, least, most, unit } of CASES) {
  describe(`a histogram of ${what}`, () => {
    it('has percentiles within 0.1 % of the exact ones, or half its unit', () => {
      fc.assert(
        fc.property(samples(least, most), (values) => {
          const histogram = new Histogram(contains);
          for (const value of values) assert.ok(histogram.record(value));
          const sorted = values.toSorted((a, b) => a - b);
          for (const p of PERCENTILES) {
            const exact = exactPercentile(sorted, p);
            assertClose(histogram.percentile(p), exact, Math.max(0.001 * exact, 0.500001 * unit), `p${p}`);
          }
        }),
      );
    });

    it('has the exact count, mean, deviation, minimum and maximum', () => {
      fc.assert(
        fc.property(samples(least, most), (values) => {
          const histogram = new Histogram(contains);
          for (const value of values) histogram.record(value);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
          const largest = Math.max(...values);
          assert.equal(histogram.count, values.length);
          assert.equal(histogram.min, Math.min(...values));
          assert.equal(histogram.max, largest);
          assertClose(histogram.mean, mean, 1e-9 * largest, 'mean');
          assertClose(histogram.deviation, Math.sqrt(variance), 1e-6 * largest, 'deviation');
        }),
      );
    });
  });
}

describe('a histogram', () => {
  it('takes a value many times at once', () => {
    const [together, apart] = [new Histogram('time'), new Histogram('time')];
    together.record(20, 7);
    together.record(30, 2);
    for (let i = 0; i < 7; i += 1) apart.record(20);
    for (let i = 0; i < 2; i += 1) apart.record(30);
    assert.deepEqual(together.toDelta(), apart.toDelta());
  });

  it('keeps whole microseconds apart below two milliseconds', () => {
    const histogram = new Histogram('time');
    for (let us = 1; us <= 2000; us += 1) histogram.record(us / 1000);
    assert.equal(histogram.percentile(50), 1);
    assert.equal(histogram.percentile(75), 1.5);
    assert.equal(histogram.percentile(99.95), 1.999);
  });

  it('has no figures when it is empty', () => {
    const histogram = new Histogram('time');
    assert.equal(histogram.percentile(50), undefined);
    assert.equal(histogram.mean, undefined);
    assert.equal(histogram.deviation, undefined);
    assert.deepEqual(histogram.buckets(), { values: [], counts: [] });
  });

  it('begins at its minimum and ends at its maximum, exactly', () => {
    const histogram = new Histogram('time');
    for (const value of [12_345.678, 12_346, 98_765.432]) histogram.record(value);
    assert.deepEqual([histogram.percentile(0), histogram.percentile(100)], [12_345.678, 98_765.432]);
    assert.notEqual(histogram.percentile(1), 12_345.678);
  });

  it('takes zero', () => {
    const histogram = new Histogram('time');
    assert.ok(histogram.record(0));
    assert.deepEqual([histogram.count, histogram.percentile(50), histogram.max], [1, 0, 0]);
  });

  for (const value of [Number.NaN, -0.001, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    it(`refuses ${value} and stays as it was`, () => {
      const histogram = new Histogram('time');
      histogram.record(5);
      const before = histogram.toDelta();
      assert.equal(histogram.record(value), false);
      assert.deepEqual(histogram.toDelta(), before);
    });
  }

  it('counts what is above an hour in its last bucket, with the exact maximum and mean', () => {
    const histogram = new Histogram('time');
    for (const hours of [0.5, 2, 30]) assert.ok(histogram.record(hours * 3_600_000));
    assert.equal(histogram.max, 30 * 3_600_000);
    assertClose(histogram.mean, (32.5 / 3) * 3_600_000, 1, 'mean');
    const { values, counts } = histogram.buckets();
    assert.deepEqual(counts, [1, 2]);
    assertClose(values[1], 3_600_000, 3600, 'last bucket');
    assertClose(histogram.percentile(60), 3_600_000, 3600, 'p60');
    assert.equal(histogram.percentile(100), 30 * 3_600_000);
  });

  it('takes the largest number', () => {
    for (const contains of ['time', 'default'] as const) {
      const histogram = new Histogram(contains);
      assert.ok(histogram.record(Number.MAX_VALUE));
      assert.equal(histogram.percentile(50), Number.MAX_VALUE);
    }
  });
});
