import assert from 'node:assert/strict';
import fc from 'fast-check';
import { combineSeeds, normal, randomSource, shuffled } from '../../engine/random.js';

describe('random numbers', () => {
  it('are those of mulberry32', () => {
    const next = randomSource(1);
    const found = [next(), next(), next()].map((value) => Math.round(value * 2 ** 32));
    assert.deepEqual(found, [2693262067, 11749833, 2265367787]);
  });

  it('are the same for the same seed, from 0 up to but without 1', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), (seed) => {
        const [a, b] = [randomSource(seed), randomSource(seed)];
        for (let i = 0; i < 50; i += 1) {
          const value = a();
          assert.equal(value, b());
          assert.ok(value >= 0 && value < 1);
        }
      }),
    );
  });

  it('have a normal form with a mean of 0 and a deviation of 1', () => {
    const next = randomSource(3);
    const drawn = Array.from({ length: 100_000 }, () => normal(next));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    assert.ok(Math.abs(mean) < 0.01 && Math.abs(variance - 1) < 0.02, `${mean}, ${variance}`);
    const within = drawn.filter((value) => Math.abs(value) < 1.96).length / drawn.length;
    assert.ok(Math.abs(within - 0.95) < 0.003, `${within}`);
  });

  it('are spread evenly', () => {
    const next = randomSource(7);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i += 1) tenths[Math.floor(next() * 10)]! += 1;
    for (const count of tenths) assert.ok(Math.abs(count - 10_000) < 500, `${tenths}`);
  });
});

describe('the first random numbers of iterations', () => {
  const first = Array.from({ length: 50_000 }, (_, iteration) => randomSource(combineSeeds(7, 'talk', iteration))());

  it('are spread evenly over the iterations', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const value of first) tenths[Math.floor(value * 10)]! += 1;
    for (const count of tenths) assert.ok(Math.abs(count - 5000) < 350, `${tenths}`);
  });

  it('say nothing of those of the next iteration', () => {
    const both = first.slice(1).reduce((sum, value, index) => sum + (value - 0.5) * (first[index]! - 0.5), 0);
    const correlation = (12 * both) / (first.length - 1);
    assert.ok(Math.abs(correlation) < 0.02, `${correlation}`);
  });
});

describe('combined seeds', () => {
  const table: readonly (readonly [parts: readonly (string | number)[], seed: number])[] = [
    [[], 0x811c9dc5],
    [['a'], 0xe40c292c],
    [['foobar'], 0xbf9cf968],
  ];
  for (const [parts, seed] of table) {
    it(`make ${seed} of ${JSON.stringify(parts)}, as FNV-1a does`, () => assert.equal(combineSeeds(...parts), seed));
  }

  it('tell parts apart from their joined text, and their order', () => {
    const seeds = [combineSeeds('ab', 'c'), combineSeeds('a', 'bc'), combineSeeds('abc'), combineSeeds('c', 'ab')];
    assert.equal(new Set(seeds).size, seeds.length);
    assert.equal(combineSeeds(1, 2), combineSeeds('1', '2'));
  });
});

describe('shuffling', () => {
  it('gives every number once, in an order that the seed decides', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(), (size, seed) => {
        const order = shuffled(size, seed);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          Array.from({ length: size }, (_, i) => i),
        );
        assert.deepEqual(order, shuffled(size, seed));
      }),
    );
    assert.notDeepEqual(shuffled(50, 1), shuffled(50, 2));
  });

  it('puts every number in every place equally often', () => {
    const firsts = new Array<number>(4).fill(0);
    for (let seed = 0; seed < 8000; seed += 1) firsts[shuffled(4, seed)[0]!]! += 1;
    for (const count of firsts) assert.ok(Math.abs(count - 2000) < 200, `${firsts}`);
  });
});
