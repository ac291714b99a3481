import assert from 'node:assert/strict';
import { overlap, phaseAt, secondsOf } from '../../../engine/metrics/window.js';

const WINDOW = { from: 1000, to: 3000 };

describe('a window', () => {
  it('includes its beginning, not its end', () => {
    const phases = [999.9, 1000, 2999.9, 3000].map((at) => phaseAt(WINDOW, at));
    assert.deepEqual(phases, ['outside', 'steady', 'steady', 'outside']);
  });

  const overlaps: readonly (readonly [from: number, to: number, length: number])[] = [
    [0, 500, 0],
    [0, 1000, 0],
    [0, 1500, 500],
    [1200, 1500, 300],
    [0, 9000, 2000],
    [2500, 9000, 500],
    [3000, 9000, 0],
    [2000, 2000, 0],
  ];
  for (const [from, to, length] of overlaps) {
    it(`shares ${length} ms with ${from} to ${to}`, () => assert.equal(overlap(WINDOW, from, to), length));
  }

  it('has a length, which is 0 for an empty one', () => {
    assert.equal(secondsOf(WINDOW), 2);
    assert.equal(secondsOf({ from: 3000, to: 1000 }), 0);
    assert.equal(overlap({ from: 3000, to: 1000 }, 0, 9000), 0);
  });
});
