import assert from 'node:assert/strict';
import { type Row, readRows } from '../../../engine/data/rows.js';
import { ExitCode, UserError } from '../../../engine/errors.js';
import { dataFolder } from './data-folder.js';

const A: Row = { prompt: 'a', n: 1 };
const B: Row = { prompt: 'b 二' };
const [a, b] = [JSON.stringify(A), JSON.stringify(B)];

describe('the records of a data set', () => {
  const write = dataFolder();

  const good: readonly [string, string, string, readonly Row[]][] = [
    ['a line each', 'good.jsonl', `${a}\n${b}\n`, [A, B]],
    ['a line each, under the other name', 'good.ndjson', `${a}\n${b}\n`, [A, B]],
    ['lines without an end', 'good.jsonl', `${a}\n${b}`, [A, B]],
    ['lines of Windows', 'good.jsonl', `${a}\r\n${b}\r\n`, [A, B]],
    ['blank lines between', 'good.jsonl', `\n${a}\n\n  \t\n${b}\n\n`, [A, B]],
    ['lines behind a byte order mark', 'good.jsonl', `\uFEFF${a}\n${b}\n`, [A, B]],
    ['lines of texts', 'good.jsonl', '"a"\n"b"\n', [{ prompt: 'a' }, { prompt: 'b' }]],
    ['lines of lists', 'good.jsonl', `[${a}]\n`, [{ messages: [A] }]],
    ['an array', 'good.json', `[${a}, ${b}]`, [A, B]],
    ['an array over several lines', 'good.json', `[\n  ${a},\n  ${b}\n]\n`, [A, B]],
    ['an array behind a byte order mark', 'good.json', `\uFEFF[${a}]`, [A]],
    ['an array of texts', 'good.json', '["a", "b"]', [{ prompt: 'a' }, { prompt: 'b' }]],
  ];
  for (const [what, name, content, rows] of good) {
    it(`may be ${what}`, () => assert.deepEqual(readRows(write(name, content)), rows));
  }

  /** The place is given without the path of the file. */
  const bad: readonly [string, string, string, string, RegExp][] = [
    ['a broken line', 'bad.jsonl', `${a}\n\n{"prompt":\n${b}\n`, ':3', /^not JSON: /],
    ['a line that is a number', 'bad.jsonl', `${a}\n7\n`, ':2', /^expected an object or a text$/],
    ['a line that is null', 'bad.jsonl', 'null\n', ':1', /^expected an object or a text$/],
    ['no line', 'bad.jsonl', '', '', /no record/],
    ['blank lines only', 'bad.jsonl', '\n \n\r\n', '', /no record/],
    ['broken JSON', 'bad.json', `[${a},`, '', /^not JSON: /],
    ['lines under the wrong name', 'bad.json', `${a}\n${b}\n`, '', /^not JSON: /],
    ['an object', 'bad.json', a, '', /^expected an array of records; one record a line is .jsonl$/],
    ['an array with a number in it', 'bad.json', `[${a}, 7]`, '[1]', /^expected an object or a text$/],
    ['an empty array', 'bad.json', '[]', '', /no record/],
  ];
  for (const [what, name, content, place, message] of bad) {
    it(`cannot be ${what}`, () => {
      const path = write(name, content);
      assert.throws(
        () => readRows(path),
        (error) => {
          assert.ok(error instanceof UserError, String(error));
          assert.equal(error.where, path + place);
          assert.match(error.message, message);
          assert.equal(error.exitCode, ExitCode.scriptException);
          return true;
        },
      );
    });
  }

  it('cannot be in a file that is not there', () => {
    const path = `${write('here.jsonl', a)}.gone`;
    assert.throws(
      () => readRows(path),
      (error) => error instanceof UserError && error.where === path && /cannot be read: .*ENOENT/.test(error.message),
    );
  });
});
