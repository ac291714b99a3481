import assert from 'node:assert/strict';
import fc from 'fast-check';
import { retryAfterOf } from '../../../engine/client/retry-after.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('Retry-After', () => {
  const table: readonly (readonly [unknown, number | undefined])[] = [
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['0.5', 500],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Friday, 02-Jan-26 03:04:15 GMT', 10_000],
    ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['soon', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
  ];
  for (const [header, wait] of table) {
    it(`${JSON.stringify(header)} means ${wait ?? 'nothing'}`, () => assert.equal(retryAfterOf(header, NOW), wait));
  }

  it('is the same wait as seconds and as a date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seconds) => {
        const date = new Date(NOW + seconds * 1000).toUTCString();
        return retryAfterOf(date, NOW) === seconds * 1000 && retryAfterOf(String(seconds), NOW) === seconds * 1000;
      }),
    );
  });
});
