import assert from 'node:assert/strict';
import fc from 'fast-check';
import { from, inTurn } from '../../../../engine/vu/k6/in-turn.js';

const LIST_METHODS = [
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
] as const;

describe('a function that waits, called for each element', () => {
  it('gives what the method gives for one that does not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 }), async (list) => {
        for (const name of LIST_METHODS) {
          const judge = (value: unknown, index: unknown) => (name === 'flatMap' ? [value, index] : value === 2);
          const plain = (list[name] as (visit: typeof judge) => unknown)(judge);
          assert.deepEqual(await inTurn(list, name, async (value, index) => judge(value, index)), plain, name);
        }
        const add = (sum: unknown, value: unknown) => `${String(sum)}${String(value)}`;
        for (const name of ['reduce', 'reduceRight'] as const) {
          assert.equal(await inTurn(list, name, async (sum, value) => add(sum, value), 'x'), list[name](add, 'x'));
        }
      }),
    );
  });

  it('waits for one before the next', async () => {
    const seen: string[] = [];
    const visit = async (value: unknown) => {
      seen.push(`in ${String(value)}`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`out ${String(value)}`);
    };
    await inTurn([1, 2], 'forEach', visit);
    await inTurn(new Set([3]), 'forEach', visit);
    await inTurn(new Map([['a', 4]]), 'forEach', visit);
    assert.deepEqual(
      seen,
      [1, 2, 3, 4].flatMap((value) => [`in ${value}`, `out ${value}`]),
    );
    assert.deepEqual(await from({ length: 2 }, async (_, index) => index), [0, 1]);
  });

  it('calls the method itself of anything else', async () => {
    const own = { map: (visit: (value: number) => unknown) => visit(7) };
    assert.equal(await inTurn(own, 'map', async (value) => value), 7);
    await assert.rejects(
      inTurn([], 'reduce', async () => 1),
      /reduce of an empty list/,
    );
  });
});
