import assert from 'node:assert/strict';
import { readTrace, type Trace } from '../../../engine/data/trace-file.js';
import { ExitCode, type UserError } from '../../../engine/errors.js';
import { dataFolder } from './data-folder.js';
import { AZURE, BURSTGPT } from './trace-samples.js';

const write = dataFolder();

function read(name: string, content: string): Trace {
  return readTrace(write(name, content));
}

describe('an invalid trace', () => {
  const row = (fields: string) => `{"timestamp":1,"input_length":1,"output_length":1}\n{${fields}}`;
  const table: readonly (readonly [content: string, place: string, message: string])[] = [
    ['', '', 'the trace is empty'],
    ['timestamp,input_length,output_length', '', 'the trace is empty'],
    [
      '{"id":"a","block_size":64,"requests":[]}',
      ':1',
      'these are sessions of kv-cache-tester or AgentX, with their requests inside, which are not played: expected one request a line',
    ],
    [
      '{"session_id":"a","timestamp":1,"input_length":1,"output_length":1}\n{"session_id":"a","delay":1,"input_length":1,"output_length":1}',
      ':2',
      'these are sessions of aiperf, whose later turns have a delay and only what is new, which are not played: expected one request a line',
    ],
    ['{"timestamp":1,"input_length":1,"output_length":0}', '', 'no request of the trace has tokens'],
    [
      row('"timestamp":"soon","input_length":1,"output_length":1'),
      ':2',
      'timestamp: expected a number of milliseconds or seconds, got "soon"',
    ],
    [row('"timestamp":2,"output_length":1'), ':2', 'input_length: expected a whole number of tokens, got nothing'],
    [
      row('"timestamp":2,"input_length":1,"output_length":-1'),
      ':2',
      'output_length: expected a whole number of tokens, got -1',
    ],
    [
      row('"timestamp":2,"input_length":1,"output_length":1,"hash_ids":[1.5]'),
      ':2',
      'hash_ids: expected a list of whole numbers, got [1.5]',
    ],
    [`${BURSTGPT}\n119,GPT-4,1e2x,1,1,API log`, ':7', 'Request tokens: expected a whole number of tokens, got "1e2x"'],
    [`${BURSTGPT}119,GPT-4`, ':6', 'expected 6 values, got 2'],
    [`${BURSTGPT},GPT-4,1,1,1,API log`, ':6', 'Timestamp: expected a number of milliseconds or seconds, got ""'],
    [
      `${AZURE}\nyesterday,1,1`,
      ':5',
      'TIMESTAMP: expected a time such as 2023-11-16 18:17:03.9799600, got "yesterday"',
    ],
    [
      'time,tokens\n1,1',
      ':1',
      'unknown trace format: expected a line such as {"timestamp": 0, "input_length": 512, "output_length": 64}, or the ' +
        'columns timestamp,input_length,output_length or Timestamp,Request tokens,Response tokens or ' +
        'TIMESTAMP,ContextTokens,GeneratedTokens, got "time,tokens"',
    ],
  ];
  for (const [content, place, message] of table) {
    it(`is refused: ${message.slice(0, 70)}`, () => {
      const path = write('bad', content);
      assert.throws(
        () => readTrace(path),
        (error: UserError) => {
          assert.deepEqual(
            [error.where, error.message, error.exitCode],
            [path + place, message, ExitCode.invalidConfig],
          );
          return true;
        },
      );
    });
  }

  it('is refused where its JSON is invalid or the file is missing', () => {
    assert.throws(() => read('cut.jsonl', '{"timestamp":1,'), /not JSON: /);
    assert.throws(() => readTrace('/nowhere/trace.csv'), /there is no such file/);
    assert.throws(() => readTrace('/'), /the data set cannot be read: it is a folder/);
  });
});
