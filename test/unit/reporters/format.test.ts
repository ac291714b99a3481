import assert from 'node:assert/strict';
import {
  amount,
  bytes,
  clockTime,
  compactCount,
  count,
  duration,
  percent,
  shortDuration,
} from '../../../reporters/format.js';

/** A table of inputs and what they are written as. */
function table(title: string, format: (value: number) => string, rows: readonly (readonly [number, string])[]): void {
  describe(title, () => {
    for (const [value, text] of rows) {
      it(`writes ${value} as ${text}`, () => assert.equal(format(value), text));
    }
  });
}

table('duration', duration, [
  [0, '0s'],
  [0.00085, '0.85µs'],
  [0.85, '850µs'],
  [0.99999, '999.99µs'],
  [1, '1ms'],
  [62.149, '62.14ms'],
  [62.1, '62.1ms'],
  [0.29, '290µs'],
  [1.13, '1.13ms'],
  [120, '120ms'],
  [999.999, '999.99ms'],
  [1000, '1s'],
  [1234.5, '1.23s'],
  [59_999, '59.99s'],
  [60_000, '1m0s'],
  [90_400, '1m30s'],
  [3_600_000, '1h0m0s'],
  [3_723_000, '1h2m3s'],
  [-1500, '-1.5s'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
]);

table('duration in columns', (ms) => duration(ms, 'kept'), [
  [0.85, '850.00µs'],
  [62.1, '62.10ms'],
  [1000, '1.00s'],
  [60_000, '1m0s'],
]);

table('short duration', shortDuration, [
  [0.8504, '850µs'],
  [5.27, '5.2ms'],
  [51.9, '51ms'],
  [1234, '1.23s'],
  [0, '0s'],
]);

table('clock time', clockTime, [
  [0, '00:00'],
  [12_999, '00:12'],
  [60_000, '01:00'],
  [3_723_000, '1:02:03'],
  [-3, '00:00'],
]);

table('count', count, [
  [0, '0'],
  [-0, '0'],
  [7, '7'],
  [0.5, '0.5'],
  [0.30000000000000004, '0.3'],
  [0.012345, '0.0123'],
  [0.00123456, '0.00123'],
  [0.000000123, '1.23e-7'],
  [1204.3333, '1,204.33'],
  [1_000_000, '1,000,000'],
  [-41_231.5, '-41,231.5'],
  [1e15, '1.00e+15'],
  [Number.NaN, '–'],
]);

table('compact count', compactCount, [
  [0, '0'],
  [1204.3333, '1,204.33'],
  [120_431.4, '120,431'],
  [12_345_678, '12.35M'],
  [1e15, '1.00e+15'],
]);

table('percent', percent, [
  [0, '0.00%'],
  [1, '100.00%'],
  [0.9912, '99.12%'],
  [0.999999, '99.99%'],
  [0.29, '29.00%'],
  [2 / 3, '66.66%'],
  [Number.NaN, '–'],
]);

table('bytes', bytes, [
  [0, '0 B'],
  [9, '9 B'],
  [718.4, '718 B'],
  [999, '999 B'],
  [999.7, '1.0 kB'],
  [1000, '1.0 kB'],
  [4_940, '4.9 kB'],
  [9_960, '10 kB'],
  [519_400, '519 kB'],
  [999_600, '1.0 MB'],
  [71_904_122, '72 MB'],
  [1.5e12, '1.5 TB'],
  [-4_940, '-4.9 kB'],
]);

describe('amount', () => {
  it('is singular for one only', () => {
    assert.deepEqual(
      [0, 1, 2].map((value) => amount(value, 'VU')),
      ['0 VUs', '1 VU', '2 VUs'],
    );
  });
});
