import assert from 'node:assert/strict';
import { dirname, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Row } from '../../../engine/data/row-prompt.js';
import { leftOutNote, readRows } from '../../../engine/data/rows.js';
import { estimateTokens } from '../../../engine/data/token-estimate.js';
import { ExitCode, UserError } from '../../../engine/errors.js';
import { dataFolder } from './data-folder.js';
import { rowsIn } from './rows-in.js';

const A: Row = { prompt: 'a', n: 1 };
const B: Row = { prompt: 'b 二' };
const A1: Row = { prompt: 'a', n: '1' };
const M = { role: 'user', content: 'a' };
const [a, b, m] = [JSON.stringify(A), JSON.stringify(B), JSON.stringify(M)];

const latin = (text: string) => Buffer.from(text, 'latin1');

const PACKED = gzipSync(`${a}\n`.repeat(100));
const CUT = PACKED.subarray(0, -12);
const DAMAGED = Buffer.from(PACKED.map((byte, place) => (place === 14 ? byte ^ 0xff : byte)));

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
    ['lines of lists', 'good.jsonl', `[${a}]\n[${b}]\n`, [{ messages: [A] }, { messages: [B] }]],
    ['a line that is a list of messages', 'good.jsonl', `[${m}]\n`, [{ messages: [M] }]],
    ['lines under the name of an array', 'good.json', `${a}\n${b}\n`, [A, B]],
    ['one line under the name of an array', 'good.json', a, [A]],
    ['an array under the name of lines', 'good.jsonl', `[${a},\n ${b}]`, [A, B]],
    ['an array in a line under the name of lines', 'good.ndjson', `[${a}, ${b}]\n`, [A, B]],
    ['an array of lists', 'good.json', `[[${m}], [${m}]]`, [{ messages: [M] }, { messages: [M] }]],
    ['lines under the name of a table', 'good.csv', `${a}\n${b}\n`, [A, B]],
    ['lines under the name of a text', 'good.txt', `${a}\n`, [A]],
    ['lines without a name', 'good', `\n${a}\n`, [A]],
    ['an array without a name', 'good.data', `[\n${a}]`, [A]],
    ['prompts without a name', 'good', 'one\n[two]\n', [{ prompt: 'one' }, { prompt: '[two]' }]],
    ['prompts that begin like JSON', 'good.txt', '[1, 2\n{x}\n', [{ prompt: '[1, 2' }, { prompt: '{x}' }]],
    [
      'an array with brackets, quotes and backslashes in its texts',
      'good.json',
      JSON.stringify([']}\\"[{,', '\\', '"']),
      [{ prompt: ']}\\"[{,' }, { prompt: '\\' }, { prompt: '"' }],
    ],
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
    [
      'a table with semicolons',
      'good.csv',
      'prompt;n\n"a; b";1\nc, d;2\n',
      [
        { prompt: 'a; b', n: '1' },
        { prompt: 'c, d', n: '2' },
      ],
    ],
    ['a table with semicolons in quotes', 'good.csv', '"a;b;c",n\nx;y,1\n', [{ 'a;b;c': 'x;y', n: '1' }]],
    ['a table with tabs under the name of CSV', 'good.csv', 'prompt\tn\na, b\t1\n', [{ prompt: 'a, b', n: '1' }]],
    ['text with the mark of what cannot be read', 'good.txt', 'a \uFFFD b\n', [{ prompt: 'a \uFFFD b' }]],
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
    it(`may be ${what}`, () => {
      assert.deepEqual(rowsIn(write(name, content)), rows);
      assert.deepEqual(rowsIn(write(`${name}.gz`, gzipSync(content))), rows, 'packed');
    });
  }

  it('may be in an encoding that is named', () => {
    const gb = latin('[{"prompt": "\xc4\xe3\xba\xc3"}]');
    assert.deepEqual(rowsIn(write('gb.json', gb), { encoding: 'gb18030' }), [{ prompt: '你好' }]);
    assert.deepEqual(rowsIn(write('gb.json.gz', gzipSync(gb)), { encoding: 'gbk' }), [{ prompt: '你好' }]);
    const table = latin('prompt;n\ncaf\xe9;1\n');
    assert.deepEqual(rowsIn(write('l1.csv', table), { encoding: 'windows-1252' }), [{ prompt: 'café', n: '1' }]);
    const wide = Buffer.from('\uFEFF{"prompt": "😀"}\n', 'utf16le');
    assert.deepEqual(rowsIn(write('wide.jsonl', wide), { encoding: 'utf-16le' }), [{ prompt: '😀' }]);
    assert.throws(() => rowsIn(write('not.txt', latin('\xff')), { encoding: 'gb18030' }), /the file is not gb18030/);
  });

  it('are refused by line where a file that is read where it stands is not UTF-8', () => {
    const lines = latin(`${a}\n`.repeat(50));
    const path = write('large.jsonl', Buffer.concat([lines, latin('{"prompt": "\xc4\xe3"}\n')]));
    assert.throws(
      () => rowsIn(path, {}, 100),
      (error: UserError) => error.where === `${path}:51`,
    );
    assert.throws(() => rowsIn(path, { encoding: 'gb18030' }, 100), /too large to be read in another encoding/);
  });

  it('are counted in a warning where left out', () => {
    const content = '{"conversations":[]}\n{"conversations":[{"from":"human","value":"a"}]}\n{"conversations":[]}\n';
    const rows = readRows(write('silent.jsonl', content), {}, { countTokens: estimateTokens });
    const note =
      'silent.jsonl: 2 of 3 conversations have no word of a human and are left out, the first at silent.jsonl:1';
    assert.equal(leftOutNote(rows), note);
    assert.equal(leftOutNote(readRows(write('all.jsonl', a), {}, { countTokens: estimateTokens })), undefined);
  });

  /** The place is given without the path of the file. */
  const bad: readonly [string, string, string | Buffer, string, RegExp][] = [
    ['a broken line', 'bad.jsonl', `${a}\n\n{"prompt":\n${b}\n`, ':3', /^not JSON: /],
    ['a line that is a number', 'bad.jsonl', `${a}\n7\n`, ':2', /^expected an object or a text, got 7$/],
    ['a line that is null', 'bad.jsonl', 'null\n', ':1', /^expected an object or a text, got null$/],
    ['no line', 'bad.jsonl', '', '', /no record/],
    ['blank lines only', 'bad.jsonl', '\n \n\r\n', '', /no record/],
    ['prose under the name of JSON', 'bad.json', 'Why?\n', ':1', /^not JSON: /],
    ['an object over several lines', 'bad.json', '{\n  "prompt": "a"\n}\n', ':1', /^not JSON: /],
    ['an array that does not end', 'bad.json', `[${a}`, ':1', /^not JSON: the array does not end$/],
    ['an array that does not end behind a comma', 'bad.json', `[${a},\n`, ':2', /^not JSON: the array does not end$/],
    ['an array whose text does not end', 'bad.json', '["a]', ':1', /^not JSON: the array does not end$/],
    ['an array with a comma too many', 'bad.json', `[${a},\n]`, ':2', /^not JSON: /],
    ['an array with more behind it', 'bad.json', `[${a}\n]\n7`, ':3', /^not JSON: unexpected text after the array$/],
    ['an array with a number in it', 'bad.json', `[${a},\n 7]`, ':2', /^expected an object or a text, got 7$/],
    ['an array with a broken record', 'bad.json', `[${a},\n{"prompt" "b"}]`, ':2', /^not JSON: /],
    ['a Parquet file', 'bad.parquet', 'PAR1\0\0', '', /^the data set is a Parquet file$/],
    ['a ZIP archive', 'bad.jsonl.zip', 'PK\x03\x04abc', '', /^the data set is a ZIP archive$/],
    ['text in UTF-16', 'bad.txt', Buffer.from('\uFEFFa', 'utf16le'), '', /^the data set is text in UTF-16$/],
    ['lines in GB18030', 'bad.jsonl', latin(`${a}\n{"prompt": "\xc4\xe3"}\n`), ':2', /^not UTF-8$/],
    ['an array in Latin 1', 'bad.json', latin('[{"prompt": "a"},\n{"prompt": "caf\xe9"}]'), ':2', /^not UTF-8$/],
    ['a table in Latin 1', 'bad.csv', latin('prompt,n\na,1\ncaf\xe9,2\n'), ':3', /^not UTF-8$/],
    ['text cut in a character', 'bad.txt', latin('a\nb \xe4\xbd\n'), ':2', /^not UTF-8$/],
    [
      'conversations without a human',
      'bad.json',
      '[{"conversations":[]}]',
      '',
      /^in none of its 1 conversations a human says anything$/,
    ],
    ['no text', 'bad.bin', 'ab\0\0', '', /^the data set is not text$/],
    ['an empty file packed', 'bad.jsonl.gz', gzipSync(''), '', /^the data set has no records$/],
    ['packed and cut off', 'bad.jsonl.gz', CUT, '', /^the data set cannot be unpacked: unexpected end of file$/],
    ['packed and damaged', 'bad.jsonl.gz', DAMAGED, '', /^the data set cannot be unpacked: /],
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
        () => rowsIn(path),
        (error) => {
          assert.ok(error instanceof UserError, String(error));
          assert.equal(error.where, path + place);
          assert.match(error.message, message);
          assert.equal(error.exitCode, ExitCode.invalidConfig);
          return true;
        },
      );
    });
  }

  it('cannot be in a missing file', () => {
    const path = `${write('here.jsonl', a)}.gone`;
    assert.throws(
      () => rowsIn(path),
      (error) => error instanceof UserError && error.where === path && error.message === 'there is no such file',
    );
  });

  it('names a missing file that is in the current folder', () => {
    assert.throws(
      () => rowsIn(resolve('nowhere', 'package.json')),
      (error) =>
        error instanceof UserError && error.hint?.endsWith(`did you mean ${resolve('package.json')}?`) === true,
    );
  });

  it('cannot be in a folder', () => {
    const path = dirname(write('here.jsonl', a));
    assert.throws(
      () => rowsIn(path),
      (error) =>
        error instanceof UserError &&
        error.where === path &&
        error.message === 'the data set cannot be read: it is a folder',
    );
  });
});

describe('an object over several lines', () => {
  const write = dataFolder();

  it('is refused with a hint', () => {
    assert.throws(
      () => rowsIn(write('object.json', '{\n  "prompt": "a"\n}\n')),
      (error) =>
        error instanceof UserError &&
        error.hint === 'an object over several lines is not a record: put each on one line, or all into an array',
    );
  });
});
