import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { readRows, rowReader } from '../../../engine/data/rows.js';
import { UserError } from '../../../engine/errors.js';
import { dataFolder } from './data-folder.js';
import { rowsIn } from './rows-in.js';

describe('a file that is too large for memory', () => {
  const write = dataFolder();
  const records = Array.from({ length: 300 }, (_, n) => ({ prompt: `${n} 二"\\${'x'.repeat(n * 7)}` }));
  const lines = records.map((record) => JSON.stringify(record)).join('\n');
  const LIMIT = 3000;

  it('is read from disk, if it is JSON or text', () => {
    assert.deepEqual(rowsIn(write('large.jsonl', `\uFEFF${lines}`), {}, LIMIT), records);
    assert.deepEqual(rowsIn(write('large.json', `[${lines.replaceAll('\n', ',\n')}]`), {}, LIMIT), records);
    const texts = records.map(({ prompt }) => prompt);
    assert.deepEqual(rowsIn(write('large.txt', texts.join('\n')), {}, LIMIT), records);
  });

  const refused = (name: string, content: string | Buffer, place: string, message: string) => {
    const path = write(name, content);
    assert.throws(
      () => rowsIn(path, {}, 2 ** 20),
      (error) => error instanceof UserError && error.where === path + place && error.message === message,
    );
  };

  it('is refused as a table, gzipped, or with a record as large', () => {
    const long = 'x'.repeat(2 ** 20);
    refused('large.csv', `prompt\n${long}\n`, '', 'a table of 1 MiB is too large: at most 1 MiB');
    refused('large.jsonl.gz', gzipSync(`"${long}"`), '', 'the data set has more than 1 MiB when it is unpacked');
    refused('long.jsonl', `"a"\n"${long}"`, ':2', 'the record has more than 1 MiB');
  });

  it('is an error where it has changed', () => {
    const path = write('changed.jsonl', `${lines}\n`);
    const rowAt = rowReader(readRows(path, {}, { countTokens: () => 1, heldAtMost: LIMIT }));
    const changed = (message: RegExp) => {
      assert.throws(
        () => rowAt(200),
        (error) => error instanceof UserError && error.where === path && message.test(error.message),
      );
    };
    write('changed.jsonl', '"a"\n');
    changed(/^the data set has changed since it was opened: it is shorter now$/);
    write('changed.jsonl', 'x'.repeat(lines.length));
    changed(/^the data set has changed since it was opened: not JSON: /);
  });
});
