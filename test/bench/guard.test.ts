import assert from 'node:assert/strict';
import { best, lossesOf, type Ratios, ratiosOf, readBaseline } from './guard.js';

describe("the benchmark's guard", () => {
  const usual = { a: 1.5, b: 1 };
  for (const [title, ratios, losses] of [
    ['lets usual ratios pass', { a: 1.5, b: 1 }, []],
    ['lets three times the usual pass', { a: 4.5, b: 2 }, []],
    ['fails above three times the usual', { a: 4.51, b: 1 }, ['a: 4.51, more than 3 × the usual 1.5']],
    ['fails on what was not measured', { a: 1 }, ['b: was not measured']],
    ['fails on what is no number', { a: Number.NaN, b: 1 }, ['a: was not measured']],
    ['does not care for what has no baseline', { a: 1, b: 1, c: 99 }, []],
  ] as const satisfies readonly (readonly [string, Ratios, readonly string[]])[]) {
    it(title, () => assert.deepEqual(lossesOf(ratios, usual), losses));
  }

  it('believes the best of several tries', () => {
    assert.deepEqual(best({ a: 5, b: 1 }, { a: 2, b: 7, c: 1 }), { a: 2, b: 1, c: 1 });
    assert.deepEqual(best({ a: Number.NaN }, { a: 2 }), { a: 2 });
    assert.deepEqual(best({ a: 2 }, { a: Number.NaN }), { a: 2 });
  });

  it('compares guarded figures alone', () => {
    const figures = [
      { what: 'x ÷ y', value: 1.25, unit: '×', guarded: true },
      { what: 'x', value: 3, unit: 'µs' },
    ] as const;
    assert.deepEqual(ratiosOf([{ name: 'cost', title: 'Cost', figures }]), { 'cost: x ÷ y': 1.25 });
  });

  it('has a baseline of ratios above 0', () => {
    const ratios = Object.values(readBaseline());
    assert.ok(ratios.length >= 5 && ratios.every((ratio) => ratio > 0));
  });
});
