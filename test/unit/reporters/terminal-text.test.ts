import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  displayWidth,
  padLeft,
  padRight,
  safeText,
  shorten,
  shortenFront,
  wrap,
} from '../../../reporters/terminal-text.js';

describe('displayWidth', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['', 0],
    ['chat', 4],
    ['聊天', 4],
    ['聊天：首轮', 10],
    ['こんにちは', 10],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['ﾊﾝｶｸ', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['📝', 2],
    ['👩‍💻', 2],
    ['🇨🇳', 2],
    ['❤️', 2],
    ['✓ ✗ █ ↳ … –', 11],
    ['\u001b[31m聊\u001b[39m', 2],
    ['𠮷', 2],
  ];
  for (const [text, width] of rows) {
    it(`of ${JSON.stringify(text)} is ${width}`, () => assert.equal(displayWidth(text), width));
  }
});

describe('safeText', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['plain 聊天 📝 👩‍💻', 'plain 聊天 📝 👩‍💻'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b[2J\u001b[1;1Hgone', 'gone'],
    ['\u001b]0;title\u0007text', 'text'],
    ['one\r\ntwo\tthree', 'one two three'],
    ['bell\u0007 back\u0008 nul\u0000', 'bell  back  nul'],
    ['\u009b31mC1', 'C1'],
    ['turned \u202eround\u2066', 'turned  round'],
    ['a\u2028b', 'a b'],
    ['\u001b', ''],
  ];
  for (const [text, safe] of rows) {
    it(`makes ${JSON.stringify(safe)} of ${JSON.stringify(text)}`, () => assert.equal(safeText(text), safe));
  }
});

describe('padding and shortening', () => {
  it('go by columns, not by characters', () => {
    assert.equal(padRight('聊天', 6), '聊天  ');
    assert.equal(padLeft('聊天', 6), '  聊天');
    assert.equal(padRight('too long', 3), 'too long');
    assert.equal(shorten('聊天首轮', 8), '聊天首轮');
    assert.equal(shorten('聊天首轮', 7), '聊天首…');
    assert.equal(shorten('聊天首轮', 6), '聊天…');
    assert.equal(shorten('a long name', 7), 'a long…');
    assert.equal(shortenFront('聊天首轮', 8), '聊天首轮');
    assert.equal(shortenFront('聊天首轮', 7), '…天首轮');
    assert.equal(shortenFront('聊天首轮', 6), '…首轮');
    assert.equal(shortenFront('http://127.0.0.1/a/b', 5), '…/a/b');
    assert.equal(shortenFront('聊', 1), '…');
  });
});

describe('wrap', () => {
  it('breaks between words', () => {
    assert.deepEqual(wrap('one two three four', 9), ['one two', 'three', 'four']);
  });

  it('breaks up what has no blanks', () => {
    assert.deepEqual(wrap('err: 服务器繁忙请稍后再试', 10), ['err:', '服务器繁忙', '请稍后再试']);
  });

  it('begins no line with the blank at which the one before it was full', () => {
    assert.deepEqual(wrap('📝 聊a', 2), ['📝', '聊', 'a']);
  });

  it('keeps every line within the width and loses nothing but blanks', () => {
    const text = fc.array(fc.constantFrom('a', 'bc', ' ', '聊', '天', '📝', 'é', '-'), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (parts, width) => {
        const lines = wrap(parts.join(''), width);
        for (const line of lines) assert.ok(line !== '' && displayWidth(line) <= width);
        assert.equal(lines.join('').replaceAll(' ', ''), parts.join('').replaceAll(' ', ''));
      }),
    );
  });

  it('gives no line for nothing, and gets on where not even one character fits', () => {
    assert.deepEqual(wrap('  ', 10), []);
    assert.deepEqual(wrap('聊天', 1), ['聊', '天']);
  });
});
