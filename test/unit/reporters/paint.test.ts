import assert from 'node:assert/strict';
import { paint, wantsColor } from '../../../reporters/paint.js';

describe('wantsColor', () => {
  const rows: readonly (readonly [boolean, Record<string, string>, boolean])[] = [
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [true, { TERM: 'xterm-256color' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ];
  for (const [isTTY, environment, expected] of rows) {
    it(`is ${expected} ${isTTY ? 'on a terminal' : 'in a pipe'} with ${JSON.stringify(environment)}`, () => {
      assert.equal(wantsColor({ isTTY }, environment), expected);
    });
  }
});

describe('paint', () => {
  it('colours only when it is enabled, and never nothing', () => {
    assert.equal(paint(true).red('bad'), '\u001b[31mbad\u001b[39m');
    assert.equal(paint(true).red(''), '');
    assert.equal(paint(false).red('bad'), 'bad');
  });
});
