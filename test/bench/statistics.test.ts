import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blocks, median, POINTS, slopeOf } from './statistics.js';

const LINE = Array.from({ length: POINTS }, (_, x) => x);

describe("the benchmark's statistics", () => {
  for (const [values, middle] of [
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 2, 10], 3],
    [[10, 9, 100], 10],
  ] as const) {
    it(`finds the median of ${values.join(', ')}`, () => assert.equal(median(values), middle));
  }

  it('has no median of nothing', () => assert.ok(Number.isNaN(median([]))));

  it('leaves out what fills no block', () => {
    assert.deepEqual(blocks([1, 3, 5, 7, 9, 11, 99], 3), [2, 6, 10]);
  });

  it('finds the slope of any straight line, with no doubt', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }), (at, by) => {
        const { slope, margin } = slopeOf(LINE.map((x) => at + by * x));
        assert.ok(Math.abs(slope - by) < 1e-6 && margin < 1e-6, `${slope} ± ${margin}`);
      }),
    );
  });

  it('gives the confidence interval of a line through points beside it', () => {
    // y = 2x ± 1 in turns: Σ(x − x̄)(y − ȳ) = 1330 − 10, Σ(x − x̄)² = 665, Σr² = 20 − 100 / 665.
    const { slope, margin } = slopeOf(LINE.map((x) => 2 * x + (x % 2 === 0 ? 1 : -1)));
    assert.ok(Math.abs(slope - 1320 / 665) < 1e-9, `${slope}`);
    const expected = 2.101 * Math.sqrt((20 - 100 / 665) / 18 / 665);
    assert.ok(Math.abs(margin - expected) < 1e-9, `${margin}`);
  });

  it('takes a sawtooth for no growth, and growth under a sawtooth for growth', () => {
    // Two teeth and a half, as memory has between two full collections.
    const tooth = LINE.map((x) => 10 * (x % 8));
    const flat = slopeOf(tooth);
    assert.ok(flat.margin > Math.abs(flat.slope), `${flat.slope} ± ${flat.margin}`);
    const growing = slopeOf(tooth.map((y, x) => y + 10 * x));
    assert.ok(growing.slope - growing.margin > 0, `${growing.slope} ± ${growing.margin}`);
  });

  it('asks for as many points as its interval is for', () => {
    assert.throws(() => slopeOf([1, 2, 3]), /3 values, not 20/);
  });
});
