import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberOf, pileOf } from '../../../engine/executors/iterations.js';
import { nth, portion, type Share, shareWithin, totalOf } from '../../../engine/executors/share.js';
import { loadOf } from './fake-vu-pool.js';

const workers = fc.integer({ min: 1, max: 40 });

function shares(count: number): Share[] {
  return Array.from({ length: count }, (_, index) => ({ index, count }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function upTo(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

describe('shares', () => {
  it('sum to the total exactly and differ by one at most', () => {
    fc.assert(
      fc.property(fc.nat(100_000), workers, (total, count) => {
        const portions = shares(count).map((share) => portion(share, total));
        assert.equal(sum(portions), total);
        assert.ok(Math.max(...portions) - Math.min(...portions) <= 1);
      }),
    );
  });

  it('own every number once, and list what they own', () => {
    fc.assert(
      fc.property(fc.nat(500), workers, (total, count) => {
        const listed = shares(count).map((share) => upTo(portion(share, total)).map((n) => nth(share, n)));
        assert.deepEqual(
          listed.flat().sort((a, b) => a - b),
          upTo(total),
        );
        for (const [index, numbers] of listed.entries()) {
          for (const number of numbers) {
            const owners = shares(count).filter((share) => number % share.count === share.index);
            assert.deepEqual(owners, [{ index, count }]);
          }
        }
      }),
    );
  });
});

describe('shares of workers on several machines', () => {
  it('own every number once, whatever the number of workers on each machine', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
        (total, on) => {
          const all = shares(on.length).flatMap((machine) =>
            shares(on[machine.index] ?? 1).map((worker) => shareWithin(machine, worker)),
          );
          const listed = all.map((share) => upTo(portion(share, total)).map((n) => nth(share, n)));
          assert.deepEqual(
            listed.flat().sort((a, b) => a - b),
            upTo(total),
          );
        },
      ),
    );
  });

  it('give the least total for a number of their own', () => {
    fc.assert(
      fc.property(fc.nat(300), workers, fc.nat(39), (own, count, index) => {
        const share = { index: index % count, count };
        const total = totalOf(share, own);
        assert.equal(portion(share, total), own);
        if (total > 0) assert.equal(portion(share, total - 1), own - 1);
      }),
    );
  });
});

describe('piles of iterations', () => {
  const vus = fc.integer({ min: 1, max: 50 });

  it('sum to all shared iterations exactly, with every number once', () => {
    fc.assert(
      fc.property(fc.nat(600), vus, workers, (iterations, maxVus, count) => {
        const load = loadOf({ maxVus, iterations: { shared: iterations } });
        const numbers = shares(count).map((share) => upTo(pileOf(load, share)).map((n) => numberOf(load, share, n)));
        assert.deepEqual(
          numbers.flat().sort((a, b) => a - b),
          upTo(iterations),
        );
      }),
    );
  });

  it('sum to the iterations of each user exactly, with every number once', () => {
    fc.assert(
      fc.property(fc.nat(20), vus, workers, (perVu, maxVus, count) => {
        const load = loadOf({ maxVus, iterations: { perVu } });
        const numbers = shares(count).map((share) => upTo(pileOf(load, share)).map((n) => numberOf(load, share, n)));
        assert.deepEqual(
          numbers.flat().sort((a, b) => a - b),
          upTo(perVu * maxVus),
        );
      }),
    );
  });

  it('are as large as the worker has users', () => {
    fc.assert(
      fc.property(fc.nat(10_000), vus, workers, (iterations, maxVus, count) => {
        const load = loadOf({ maxVus, iterations: { shared: iterations } });
        for (const share of shares(count)) {
          const users = portion(share, maxVus);
          assert.ok(Math.abs(pileOf(load, share) - (iterations * users) / maxVus) <= users);
        }
      }),
    );
  });

  const table: readonly (readonly [iterations: number, vus: number, workers: number, piles: readonly number[]])[] = [
    [30, 3, 2, [20, 10]],
    [7, 3, 2, [5, 2]],
    [8, 3, 2, [5, 3]],
    [3, 3, 5, [1, 1, 1, 0, 0]],
    [10, 1, 3, [10, 0, 0]],
  ];
  for (const [iterations, maxVus, count, piles] of table) {
    it(`are ${piles.join(', ')} of ${iterations} iterations for ${maxVus} users in ${count} workers`, () => {
      const load = loadOf({ maxVus, iterations: { shared: iterations } });
      assert.deepEqual(
        shares(count).map((share) => pileOf(load, share)),
        piles,
      );
    });
  }

  it('have no end where iterations are not counted, and numbers in common with no other', () => {
    const load = loadOf({ maxVus: 5 });
    const numbers = shares(3).flatMap((share) => upTo(100).map((n) => numberOf(load, share, n)));
    assert.equal(new Set(numbers).size, 300);
    assert.equal(pileOf(load, { index: 0, count: 3 }), Number.POSITIVE_INFINITY);
  });
});
