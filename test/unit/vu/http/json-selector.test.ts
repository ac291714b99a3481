import assert from 'node:assert/strict';
import { selectJson } from '../../../../engine/vu/http/json-selector.js';

const VALUE = { a: { b: [{ c: 1, 'x.y': 'dot' }, { c: 2 }, {}] }, n: null, '0': 'zero', '#': 'hash' };

describe('a selector of JSON', () => {
  for (const [selector, found] of [
    ['a.b.0.c', 1],
    ['a.b.1', { c: 2 }],
    ['a.b.#', 3],
    ['a.b.#.c', [1, 2]],
    ['a.b.0.x\\.y', 'dot'],
    ['n', null],
    ['0', 'zero'],
    ['#', 'hash'],
    ['a.b.9', undefined],
    ['a.b.c', undefined],
    ['a.b.-1', undefined],
    ['n.x', undefined],
    ['toString', undefined],
    ['a.b.length', undefined],
    ['', VALUE],
  ] as const) {
    it(`${JSON.stringify(selector)} finds ${JSON.stringify(found)?.slice(0, 20)}`, () => {
      assert.deepEqual(selectJson(VALUE, selector), found);
    });
  }
});
