import assert from 'node:assert/strict';
import { FILLER_WORDS } from '../../../engine/data/filler.js';
import { readTrace, type Trace } from '../../../engine/data/trace-file.js';
import { tracedRow } from '../../../engine/data/traced-row.js';
import { dataFolder } from './data-folder.js';
import { BURSTGPT, MOONCAKE } from './trace-samples.js';

const write = dataFolder();

function read(name: string, content: string): Trace {
  return readTrace(write(name, content));
}

describe('the prompt of a traced request', () => {
  const words = (trace: Trace, index: number) => tracedRow(trace, index, FILLER_WORDS).prompt.split(' ');

  it('has the length of the trace, in words of one token each', () => {
    const trace = read('f.jsonl', MOONCAKE);
    for (const index of [0, 1]) {
      const { prompt, inputTokens } = tracedRow(trace, index, FILLER_WORDS);
      assert.equal(prompt.split(' ').length, inputTokens);
      assert.equal(Math.ceil(prompt.length / 4), inputTokens);
    }
  });

  it('shares prefixes as the hashes do', () => {
    const ids = (...hashes: number[]) =>
      JSON.stringify({ timestamp: 0, input_length: 1100, output_length: 1, hash_ids: hashes });
    const trace = read('g.jsonl', [ids(1, 2, 3), ids(1, 2, 4), ids(1, 5, 3), ids(6, 7, 8)].join('\n'));
    const shared = (a: number, b: number) => {
      const [one, other] = [words(trace, a), words(trace, b)];
      const first = one.findIndex((word, i) => word !== other[i]);
      return first < 0 ? one.length : first;
    };
    const near = (found: number, expected: number) => assert.ok(found >= expected && found < expected + 6, `${found}`);
    near(shared(0, 1), 1024);
    near(shared(0, 2), 512);
    near(shared(0, 3), 0);
    assert.deepEqual(
      words(trace, 0).slice(1024),
      words(trace, 2).slice(1024),
      'the same block, cut to the same length',
    );
    assert.equal(words(trace, 0).length, 1100);
  });

  it('shares nothing without hashes', () => {
    const trace = read('h.csv', BURSTGPT);
    const beginnings = [0, 1, 2].map((index) => words(trace, index).slice(0, 8).join(' '));
    assert.equal(new Set(beginnings).size, 3);
    assert.deepEqual(words(trace, 0), words(read('i.csv', BURSTGPT), 0), 'and is the same in every run');
  });
});
