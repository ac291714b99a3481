import assert from 'node:assert/strict';
import fc from 'fast-check';
import { strideFor } from '../../../engine/data/stride.js';

describe('the stride of the draws of an iteration', () => {
  it('leads to every row once before it comes to any again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (rows) => {
        const stride = strideFor(rows);
        assert.equal(new Set(Array.from({ length: rows }, (_, draw) => (draw * stride) % rows)).size, rows);
      }),
    );
  });

  it('leaves a gap of a quarter of what there could be at most, for any number of draws up to 64', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), fc.integer({ min: 2, max: 64 }), (rows, draws) => {
        fc.pre(draws <= rows);
        const stride = strideFor(rows);
        const drawn = Array.from({ length: draws }, (_, draw) => (draw * stride) % rows).sort((a, b) => a - b);
        const gaps = drawn.map((row, index) => (drawn[index + 1] ?? rows) - row);
        assert.ok(Math.min(...gaps) >= rows / draws / 4, `${stride} of ${rows}: ${Math.min(...gaps)}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('is found at once for a large data set', () => {
    const stride = strideFor(1_000_000);
    assert.ok(stride > 500_000 && stride < 700_000 && stride % 2 === 1 && stride % 5 !== 0, `${stride}`);
  });
});
