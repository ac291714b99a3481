import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decimated } from '../../../reporters/html/page/decimate.js';

const column = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null }), { maxLength: 3000 });

describe('decimated columns', () => {
  it('keep few points as they are', () => {
    const columns = { xs: [1, 2, 3], lines: [[1, null, 3]] };
    assert.deepEqual(decimated(columns, 3), columns);
  });

  it('keep every peak, and stay in order and in bounds', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 4, max: 400 }), (values, most) => {
        const xs = values.map((_, index) => index);
        const { xs: thinned, lines } = decimated({ xs, lines: [values] }, most);
        const kept = lines[0] ?? [];
        assert.equal(kept.length, thinned.length);
        assert.ok(thinned.length <= Math.max(values.length > most ? most + 2 : most, 4));
        assert.ok(thinned.every((x, index) => x >= (thinned[index - 1] ?? 0)));
        const known = (all: readonly (number | null)[]) => all.flatMap((value) => value ?? []);
        assert.equal(Math.max(...known(kept)), Math.max(...known(values)));
        assert.equal(Math.min(...known(kept)), Math.min(...known(values)));
      }),
    );
  });
});
