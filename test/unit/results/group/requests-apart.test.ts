import assert from 'node:assert/strict';
import { benchmarkOf } from '../../../../engine/results/group/benchmark.js';
import { rankingText } from '../../../../engine/results/group/ranking.js';
import { type Measured, recordOf } from '../../../support/records.js';

describe('ranking groups by requests that they share', () => {
  const drew = (gpu: string, file: string, seed: number, more: Measured = {}) => {
    const record = recordOf({ ttft: gpu === 'H800' ? 50 : 100, ...more, labels: { gpu } });
    const use = { file, rows: 500, draws: 25, distinct: 25, repeats: 0, salted: false };
    return { file: `${gpu}.json`, record: { ...record, run: { ...record.run, seed }, datasets: [use] } };
  };
  const judged = (...all: readonly ReturnType<typeof drew>[]) => {
    const { families, warnings } = benchmarkOf(all, ['gpu']);
    const ranking = families[0]!.rankings.find(({ metric }) => metric === 'llm_ttft')!;
    return [rankingText(ranking), ranking.incomparable, warnings.filter((text) => text.includes('seed'))];
  };

  it('ranks equal prompts, and those of another seed with a caveat', () => {
    assert.deepEqual(judged(drew('H800', 'a/zh.jsonl', 1), drew('H20', 'b/zh.jsonl', 1)), ['H800 > H20', [], []]);
    assert.deepEqual(judged(drew('H800', 'zh.jsonl', 1), drew('H20', 'zh.jsonl', 2)), [
      'H800 > H20',
      [],
      ['other prompts, drawn by another seed: H800 and H20. Give runs that you compare the same --seed'],
    ]);
  });

  it('judges neither other data sets nor longer prompts, chance or not', () => {
    assert.deepEqual(judged(drew('H800', 'zh.jsonl', 1), drew('H20', 'en.jsonl', 1)), [
      'H800 ? H20',
      ['H800: prompts of zh.jsonl (500 rows) against en.jsonl (500 rows)'],
      [],
    ]);
    const short = drew('H20', 'zh.jsonl', 2, { input: 36.8 });
    const spread = { avg: 36.8, stddev: 60, samples: 25 };
    const input = { ...short.record.metrics.llm_input_tokens!, values: spread };
    const few = {
      ...short,
      record: { ...short.record, metrics: { ...short.record.metrics, llm_input_tokens: input } },
    };
    const [text, incomparable] = judged(drew('H800', 'zh.jsonl', 1, { input: 57.4 }), few);
    assert.equal(text, 'H800 ? H20');
    assert.deepEqual(incomparable, ['H800: 57.4 input tokens a request against 36.8']);
  });
});
