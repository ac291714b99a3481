import assert from 'node:assert/strict';
import fc from 'fast-check';
import { strideFor } from '../../../engine/data/stride.js';

describe('the stride of the draws of an iteration', () => {
  it('visits every row once before any repeats', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (rows) => {
        const stride = strideFor(rows);
        assert.equal(new Set(Array.from({ length: rows }, (_, draw) => (draw * stride) % rows)).size, rows);
      }),
    );
  });

  it('leaves gaps above a fifth of the largest possible, for up to 64 draws', () => {
    for (let rows = 2; rows <= 5000; rows += 1) {
      const stride = strideFor(rows);
      let gap = rows;
      for (let draws = 2; draws <= Math.min(rows, 64); draws += 1) {
        const place = ((draws - 1) * stride) % rows;
        gap = Math.min(gap, place, rows - place);
        if (gap <= rows / draws / 5) assert.fail(`${stride} of ${rows}: ${gap} after ${draws} draws`);
      }
    }
  });

  it('is found at once for a large data set', () => {
    const stride = strideFor(1_000_000);
    assert.ok(stride > 500_000 && stride < 700_000 && stride % 2 === 1 && stride % 5 !== 0, `${stride}`);
  });
});
