import assert from 'node:assert/strict';
import { type LengthText, readLength } from '../../../engine/data/lengths.js';
import { randomSource } from '../../../engine/random.js';

/** Draws of a length, in ascending order. */
function draws(length: LengthText, count = 20_000): readonly number[] {
  const draw = readLength('input', length);
  const random = randomSource(7);
  return Array.from({ length: count }, () => draw(random)).sort((a, b) => a - b);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function near(actual: number, expected: number, share: number): void {
  assert.ok(Math.abs(actual / expected - 1) < share, `${actual}, expected ${expected}`);
}

describe('a length', () => {
  it('is a number of tokens, also as a text', () => {
    for (const length of [512, '512', ' 512 ']) assert.deepEqual(new Set(draws(length, 100)), new Set([512]));
  });

  it('is uniform between two bounds, which are drawn like any other', () => {
    const found = draws('uniform 100-104', 10_000);
    for (const length of [100, 101, 102, 103, 104]) near(found.filter((one) => one === length).length, 2000, 0.1);
    assert.deepEqual([found[0], found.at(-1)], [100, 104]);
  });

  for (const normal of ['normal 512 64', { mean: 512, stdev: 64 }, 'normal  512  64.0']) {
    it(`has a mean and a deviation: ${JSON.stringify(normal)}`, () => {
      const found = draws(normal);
      near(mean(found), 512, 0.01);
      near(deviation(found), 64, 0.03);
      // As of a normal distribution, 2.3 % lie beyond two deviations.
      near(found.filter((length) => length > 640).length, 0.0228 * found.length, 0.15);
    });
  }

  it('has a long tail where it is lognormal, and the same mean and deviation', () => {
    const found = draws('lognormal 512 300', 100_000);
    near(mean(found), 512, 0.01);
    near(deviation(found), 300, 0.05);
    // The median of a lognormal distribution is mean / sqrt(1 + (deviation / mean)^2).
    near(found[50_000] ?? 0, 512 / Math.sqrt(1 + (300 / 512) ** 2), 0.02);
  });

  it('is drawn again beyond its bounds', () => {
    for (const bounded of ['lognormal 512 300 in 400-600', { mean: 512, stdev: 300, min: 400, max: 600 }]) {
      const found = draws(bounded);
      assert.ok((found[0] ?? 0) >= 400 && (found.at(-1) ?? 0) <= 600);
      assert.ok(found.filter((length) => length === 600).length < found.length / 100);
    }
    assert.ok(draws({ mean: 5, stdev: 20 }).every((length) => length >= 1));
  });

  it('ends, however unlikely its bounds', () => {
    assert.ok(draws('lognormal 1000 1000000 in 999-1001', 100).every((length) => length >= 999 && length <= 1001));
  });

  const forms =
    "expected 512, { mean, stdev, min, max }, 'uniform 100-500', 'normal 512 64' or 'lognormal 512 300 in 16-4096', got ";
  const wrong: readonly (readonly [length: unknown, message: string])[] = [
    [undefined, `input: ${forms}undefined`],
    [null, `input: ${forms}null`],
    ['soon', `input: ${forms}"soon"`],
    ['unifrom 1-5', `input: ${forms}"unifrom 1-5"; did you mean "uniform"?`],
    ['uniform 5', `input: ${forms}"uniform 5"; did you mean "uniform"?`],
    ['normal 5', `input: ${forms}"normal 5"; did you mean "normal"?`],
    ['uniform 1-5 in 2-3', `input: ${forms}"uniform 1-5 in 2-3"; did you mean "uniform"?`],
    [0, 'input: expected whole numbers of tokens from 1 to 10000000, got 0'],
    [1.5, 'input: expected whole numbers of tokens from 1 to 10000000, got 1.5'],
    [Number.NaN, 'input: expected whole numbers of tokens from 1 to 10000000, got null'],
    ['uniform 0-5', 'input: expected whole numbers of tokens from 1 to 10000000, got 0'],
    ['uniform 500-100', 'input: the minimum 500 is larger than the maximum 100'],
    [{ mean: 5, max: 3 }, 'input: the mean 5 is not within 1 to 3'],
    [{ mean: 0 }, 'input: expected a mean of 1 or more, got 0'],
    [{ mean: 5, stdev: -1 }, 'input: expected a stdev of 0 or more, got -1'],
    [{ mean: 5, stddev: 1 }, 'input: there is no stddev; there are: mean, stdev, min, max; did you mean "stdev"?'],
    [{ stdev: 5 }, 'input: expected a mean of 1 or more, got undefined'],
  ];
  for (const [length, message] of wrong) {
    it(`is refused: ${message}`, () => {
      assert.throws(() => readLength('input', length as LengthText), { name: 'TypeError', message });
    });
  }
});
