import assert from 'node:assert/strict';
import { didYouMean } from '../../engine/errors.js';

const NAMES = ['vus', 'duration', 'iterations', 'stages', 'thresholds', 'constant-vus', 'setupTimeout'];

describe('the nearest name', () => {
  const table: readonly (readonly [unknown, string | undefined])[] = [
    ['vu', 'vus'],
    ['VUs', 'vus'],
    ['threshold', 'thresholds'],
    ['tresholds', 'thresholds'],
    ['duratoin', 'duration'],
    ['setuptimeout', 'setupTimeout'],
    ['constant_vus', 'constant-vus'],
    ['vsus', 'vus'],
    ['vose', undefined],
    ['x', undefined],
    ['sleep', undefined],
    ['summaryTrendStats', undefined],
    ['', undefined],
    [5, undefined],
  ];
  for (const [written, meant] of table) {
    it(`of ${JSON.stringify(written)} is ${meant ?? 'none'}`, () => {
      assert.equal(didYouMean(written, NAMES), meant === undefined ? '' : `; did you mean "${meant}"?`);
    });
  }

  it('is none where there are no names', () => assert.equal(didYouMean('vus', []), ''));
});
