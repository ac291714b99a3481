import assert from 'node:assert/strict';
import { compare } from '../../../engine/results/compare/compare.js';
import type { ComparedRun } from '../../../engine/results/compare/compared-run.js';
import { comparisonReport } from '../../../reporters/compare/report.js';
import { reportText } from '../../../reporters/document/text.js';

function run(model: string, tokens: number, characters: number): ComparedRun {
  const gauge = (value: number) => ({ type: 'gauge', contains: 'default', values: { value } }) as const;
  return {
    file: `${model}.json`,
    tool: 'tokenswarm',
    metrics: {
      llm_output_tokens_per_second: gauge(tokens),
      llm_output_characters_per_second: gauge(characters),
    },
    tokens: { input: 10, output: 100 },
    window: 'steady',
    facts: { model },
    intervals: [],
  };
}

describe('runs of different models', () => {
  it('are compared by characters a second as well, with the reason', () => {
    const comparison = compare([run('qwen', 500, 900), run('llama', 600, 700)]);
    const rows = comparison.rows.map(({ metric, changes }) => [metric, changes[0]?.ratio?.toFixed(3)]);
    assert.deepEqual(rows, [
      ['llm_output_tokens_per_second', '1.200'],
      ['llm_output_characters_per_second', '0.778'],
    ]);
    const text = reportText(comparisonReport(comparison, []), { indent: 2 });
    assert.match(text, /^ +tokens\/s +500 +600 +\+20\.0%.*\n +characters\/s +900 +700 +-22\.2%/m);
    assert.match(text.replace(/\s+/g, ' '), /the models differ, and so do their tokens: compare characters\/s/);
  });

  it('are distinguished from runs of one model', () => {
    const { rows } = compare([run('qwen', 500, 900), run('qwen', 600, 1080)]);
    assert.deepEqual(
      rows.map(({ metric }) => metric),
      ['llm_output_tokens_per_second'],
    );
  });
});
