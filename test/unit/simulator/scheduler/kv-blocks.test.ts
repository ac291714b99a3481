import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kvBlocks, noBlocks } from '../../../../engine/simulator/scheduler/kv-blocks.js';
import { promptBlocks } from '../../../../engine/simulator/text/prompt-blocks.js';

describe('the blocks of the key-value cache', () => {
  it('gives what is free and no more', () => {
    const cache = kvBlocks(5);
    const [a, b] = [noBlocks(), noBlocks()];
    assert.ok(cache.open(a, [], 0, 3));
    assert.equal(cache.open(b, [], 0, 3), false);
    assert.deepEqual([cache.free, b.blocks], [2, 0]);
    assert.ok(cache.open(b, [], 0, 1) && cache.grow(b, 2) && cache.grow(b, 1));
    assert.deepEqual([cache.grow(a, 4), a.blocks, cache.free], [false, 3, 0]);
    cache.release(b);
    assert.ok(cache.grow(a, 4));
    assert.equal(cache.free, 1);
  });

  it('finds blocks of a prompt from its beginning on, as long as they are there, and shares them', () => {
    const cache = kvBlocks(10);
    const [a, b] = [noBlocks(), noBlocks()];
    cache.open(a, [], 0, 4);
    cache.offer(a, [1, 2, 3], 2);
    assert.deepEqual([cache.find([1, 2, 3], 9), cache.find([1, 2, 3], 1), cache.find([9, 1], 9)], [2, 1, 0]);
    assert.ok(cache.open(b, [1, 2, 7], 2, 3));
    assert.equal(cache.free, 5);
    cache.release(a);
    assert.deepEqual([cache.free, cache.find([1, 2, 3], 9)], [7, 2]);
    cache.release(b);
    assert.deepEqual([cache.free, cache.find([1, 2, 3], 9)], [10, 2]);
  });

  it('evicts the least recently used blocks, the ends of prompts first', () => {
    const cache = kvBlocks(6);
    const [a, b, c] = [noBlocks(), noBlocks(), noBlocks()];
    for (const [holding, hashes] of [
      [a, [1, 2]],
      [b, [11, 12]],
    ] as const) {
      cache.open(holding, hashes, 0, 2);
      cache.offer(holding, hashes, 2);
      cache.release(holding);
    }
    // Two blocks were never used: they go first.
    cache.open(c, [], 0, 2);
    assert.deepEqual([cache.find([1, 2], 2), cache.find([11, 12], 2)], [2, 2]);
    cache.grow(c, 3);
    assert.deepEqual([cache.find([1, 2], 2), cache.find([11, 12], 2)], [1, 2]);
    cache.grow(c, 4);
    assert.deepEqual([cache.find([1, 2], 2), cache.find([11, 12], 2)], [0, 2]);
    cache.grow(c, 6);
    assert.equal(cache.find([11], 1), 0);
  });

  it('does not count a block that is found and left twice: it takes a free place again', () => {
    const cache = kvBlocks(3);
    const [a, b] = [noBlocks(), noBlocks()];
    cache.open(a, [1, 2], 0, 2);
    cache.offer(a, [1, 2], 2);
    cache.release(a);
    assert.equal(cache.open(b, [1, 2], 2, 4), false);
    assert.equal(cache.free, 3);
    assert.ok(cache.open(b, [1, 2], 2, 3));
    assert.equal(cache.free, 0);
  });

  it('always has as many blocks free and held as there are', () => {
    const action = fc.record({
      holder: fc.integer({ min: 0, max: 4 }),
      prompt: fc.integer({ min: 0, max: 2 }),
      blocks: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const cache = kvBlocks(8);
        const holders = Array.from({ length: 5 }, noBlocks);
        for (const { holder, prompt, blocks } of actions) {
          const holding = holders[holder]!;
          const hashes = Array.from({ length: 6 }, (_, i) => 10 * prompt + i);
          if (holding.blocks === 0) {
            const found = cache.find(hashes, blocks - 1);
            if (cache.open(holding, hashes, found, blocks)) cache.offer(holding, hashes, blocks);
          } else if (blocks % 2 === 0) cache.grow(holding, holding.blocks + 1);
          else cache.release(holding);
          // A block that several have is one.
          const own = holders.reduce((sum, each) => sum + each.blocks - each.shared.length, 0);
          const shared = new Set(holders.flatMap((each) => each.shared)).size;
          assert.equal(own + shared + cache.free, 8);
        }
        for (const each of holders) cache.release(each);
        assert.equal(cache.free, 8);
      }),
    );
  });
});

describe('the blocks of a prompt', () => {
  it('are the same as far as two prompts are', () => {
    const text = 'a b c d '.repeat(80);
    const whole = promptBlocks(text, 16);
    // 4 characters a token, 64 a block.
    assert.equal(whole.length, 10);
    assert.deepEqual(promptBlocks(text.slice(0, 200), 16), whole.slice(0, 3));
    const other = promptBlocks(`${text.slice(0, 130)}X${text.slice(131)}`, 16);
    assert.deepEqual(other.slice(0, 2), whole.slice(0, 2));
    assert.ok(other.slice(2).every((hash) => !whole.includes(hash)));
    assert.deepEqual(promptBlocks('x', 16), []);
  });

  it('are of as many tokens as are estimated, in Chinese too', () => {
    assert.equal(promptBlocks('测'.repeat(230), 16).length, Math.floor((230 * 0.7) / 16));
    assert.equal(promptBlocks('测'.repeat(230), 32).length, Math.floor((230 * 0.7) / 32));
  });

  it('are of exactly so many tokens where their ids are given', () => {
    const ids = Array.from({ length: 100 }, (_, i) => 1000 * i);
    const whole = promptBlocks(ids.join(' '), 16, true);
    // The last of them may be without a block: one token is computed in any case.
    assert.equal(whole.length, 6);
    const other = promptBlocks([...ids.slice(0, 50), 7, ...ids.slice(51)].join(' '), 16, true);
    assert.deepEqual(other.slice(0, 3), whole.slice(0, 3));
    assert.ok(other.slice(3).every((hash) => !whole.includes(hash)));
  });

  it('do not collide', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 2000; i += 1)
      for (const hash of promptBlocks(`prompt number ${i} ${'x'.repeat(300)}`, 16)) seen.add(hash);
    assert.equal(seen.size, 2000 * promptBlocks(`prompt number 1000 ${'x'.repeat(300)}`, 16).length);
  });
});
