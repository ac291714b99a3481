import assert from 'node:assert/strict';
import type { Wanted } from '../../../engine/data/rows.js';
import { UserError } from '../../../engine/errors.js';
import { dataFolder } from './data-folder.js';
import { rowsIn } from './rows-in.js';

describe('the format of a data set', () => {
  const write = dataFolder();
  const refusal = (path: string, wanted: Wanted) => {
    try {
      rowsIn(path, wanted);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return [error.where?.replace(path, ''), error.message, error.hint];
    }
    throw new Error('it was read');
  };

  it('checks the fields of every record, and names line, field and form', () => {
    const path = write('mixed.jsonl', '{"instruction":"a"}\n\n{"prompt":"b"}\n');
    assert.deepEqual(refusal(path, { format: 'alpaca' }), [
      ':3',
      'not a record of the format "alpaca": "instruction" is missing; it has prompt',
      'this record looks like "vllm"; without a format, the form of each record is detected',
    ]);
    assert.equal(rowsIn(path).length, 2);
  });

  it('checks records of arrays and tables, with their lines', () => {
    const array = write('array.json', '[{"prompt":"a"},\n\n {"prompt":7}]');
    assert.deepEqual(refusal(array, { format: 'vllm' }), [
      ':3',
      'not a record of the format "vllm": "prompt": expected a text, got 7',
      'without a format, the form of each record is detected',
    ]);
    const table = write('table.csv', 'instruction,output\n"a\nb",c\n,d\n');
    assert.deepEqual(refusal(table, { format: 'alpaca' }).slice(0, 2), [
      ':4',
      'not a record of the format "alpaca": "instruction" is empty',
    ]);
  });

  it('overrides the detected form', () => {
    assert.deepEqual(rowsIn(write('a.txt', 'prompt,n\na,1\n'), { format: 'csv' }), [{ prompt: 'a', n: '1' }]);
    assert.deepEqual(rowsIn(write('a.csv', 'prompt\tn\na\t1\n'), { format: 'tsv' }), [{ prompt: 'a', n: '1' }]);
    assert.deepEqual(rowsIn(write('a.json', `{"n":1}\n`), { format: 'text' }), [{ prompt: '{"n":1}' }]);
    assert.match(String(refusal(write('b.txt', 'Why?\n'), { format: 'openai' })), /^:1,not JSON: /);
  });
});

describe('the filter of a data set', () => {
  const write = dataFolder();
  const path = () => write('lengths.jsonl', [4, 40, 400].map((n) => `{"prompt":"${'x'.repeat(n)}"}\n`).join(''));
  const lengths = (filter: Wanted['filter']) => rowsIn(path(), { filter }).map(({ prompt }) => String(prompt).length);

  it('keeps prompts of the wanted lengths, both bounds included', () => {
    assert.deepEqual(lengths({ minTokens: 10 }), [40, 400]);
    assert.deepEqual(lengths({ maxTokens: 10 }), [4, 40]);
    assert.deepEqual(lengths({ minTokens: 2, maxTokens: 99 }), [40]);
    assert.deepEqual(lengths({}), [4, 40, 400]);
  });

  it('gives the lengths of the prompts where none is left', () => {
    const message = 'no record passes the filter: the prompts have 1 to 100 tokens';
    assert.throws(
      () => lengths({ minTokens: 101 }),
      (error) => error instanceof UserError && error.message === message,
    );
  });

  it('refuses a record without a prompt', () => {
    const odd = write('odd.jsonl', '{"prompt":"a"}\n{"text":"a"}\n');
    assert.throws(
      () => rowsIn(odd, { filter: {} }),
      (error) =>
        error instanceof UserError &&
        error.where === `${odd}:2` &&
        error.message.startsWith('the length is unknown: the record has no messages'),
    );
  });
});
