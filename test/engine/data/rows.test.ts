import assert from 'node:assert/strict';
import { type Row, readRows } from '../../../engine/data/rows.js';
import { ExitCode, UserError } from '../../../engine/errors.js';
import { dataFolder } from './data-folder.js';

const A: Row = { prompt: 'a', n: 1 };
const B: Row = { prompt: 'b 二' };
const A1: Row = { prompt: 'a', n: '1' };
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
    ['a table', 'good.csv', 'prompt,n\na,1\nb 二,2\n', [A1, { prompt: 'b 二', n: '2' }]],
    ['a table of Windows without an end', 'good.csv', 'prompt,n\r\na,1\r\nb,', [A1, { prompt: 'b', n: '' }]],
    ['a table behind a byte order mark', 'good.csv', '\uFEFFprompt,n\na,1\n', [A1]],
    ['a table with blank lines between', 'good.csv', 'prompt,n\n\na,1\n\n', [A1]],
    ['a table with blanks around its names', 'good.CSV', ' prompt , n\na,1\n', [A1]],
    [
      'a table with quoted values',
      'good.csv',
      '"prompt",n\n"a, ""b""\nc",\uFF11\n',
      [{ prompt: 'a, "b"\nc', n: '１' }],
    ],
    ['a table with tabs', 'good.tsv', 'prompt\tn\na, b\t1\n', [{ prompt: 'a, b', n: '1' }]],
    [
      'conversations, without those that no human has a part in',
      'good.json',
      '[{"conversations":[]},{"conversations":[{"from":"gpt","value":"?"},{"from":"human","value":"!"}]},{"conversations":[{"from":"gpt","value":"?"}]}]',
      [
        {
          conversations: [
            { from: 'gpt', value: '?' },
            { from: 'human', value: '!' },
          ],
        },
      ],
    ],
    ['prompts in lines', 'good.txt', '\uFEFF a \r\n\n  \nb "二"\n', [{ prompt: 'a' }, { prompt: 'b "二"' }]],
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
    ['a table without a row', 'bad.csv', 'prompt,n\n', '', /no record/],
    ['an empty table', 'bad.csv', '', '', /no record/],
    ['a table with too short a line', 'bad.csv', 'a,b\n1,2\n3\n', ':3', /^not CSV: .*columns length is 2, got 1/],
    ['a table with too long a line', 'bad.tsv', 'a\tb\n1\t2\t3\n', ':2', /^not TSV: .*columns length is 2, got 3/],
    ['a table with a quote that does not end', 'bad.csv', 'a,b\n"1,2\n', ':2', /^not CSV: Quote Not Closed/],
    ['a table with text behind a quote', 'bad.csv', 'a,b\n"1"x,2\n', ':2', /^not CSV: Invalid Closing Quote/],
    ['a table with two columns of a name', 'bad.csv', 'a,b,a\n1,2,3\n', ':1', /^two columns are called "a"$/],
    ['a table with a column that has no name', 'bad.csv', 'a,,c\n1,2,3\n', ':1', /^column 2 has no name$/],
    ['blank lines of text only', 'bad.txt', '\n \n', '', /no record/],
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
