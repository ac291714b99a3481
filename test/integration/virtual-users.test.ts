import assert from 'node:assert/strict';
import { type Summary, virtualRun } from '../../engine/index.js';
import { on } from '../study/crossover.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { VirtualTime } from '../support/virtual-time.js';

/** Relative differences allowed. docs/study.md has those in real time. */
const TOLERANCE = 0.02;
const TTFT_TOLERANCE = 0.07;

describe('virtual users, and users of a run over HTTP in virtual time,', () => {
  const folder = testFolder();
  const time = new VirtualTime();
  const users = { executor: 'constant-vus', vus: 12, duration: '5s' } as const;
  let measured: Summary;
  let virtual: Summary;

  before(async () => {
    const rows = Array.from({ length: 60 }, (_, i) => {
      return JSON.stringify({ prompt: `${i} `.padEnd(200 + 10 * i, 'word '), output_tokens: 20 + (i % 30) });
    });
    const file = folder.write('prompts.jsonl', rows.join('\n'));
    const scenario = folder.write(
      'agreement.ts',
      `import { chat, dataset } from 'tokenswarm';
export const options = { scenarios: { users: ${JSON.stringify(users)} } };
const prompts = dataset('./prompts.jsonl');
export default async () => {
  const { messages, maxTokens = 20 } = prompts.draw();
  await chat({ messages, maxTokens, extraBody: { ignore_eos: true } });
};
`,
    );
    const card = { deployment: on('rtx-4090', 'qwen2.5-7b'), maxModelLen: 4096, prefixCaching: false };
    const simulator = await time.simulator({ card });
    measured = await time.runToEnd(scenario, settings(simulator.url, { workers: 1 }, 'Qwen2.5-7B'));
    await simulator.close();
    virtual = virtualRun({ name: 'agreement', scenario: users, labels: {}, prompts: { file }, seed: 1, card });
  });

  const both = (metric: string, key: string) =>
    [measured, virtual].map(({ metrics }) => metrics[metric]?.values[key] ?? Number.NaN) as [number, number];

  it('have the same server', () => {
    assert.deepEqual(virtual.target?.simulates, measured.target?.simulates);
    assert.equal(measured.metrics.llm_failed?.values.rate, 0);
  });

  it('agree in throughput and in the time per token', () => {
    for (const [metric, key] of [
      ['llm_output_tokens_per_second', 'value'],
      ['llm_requests_per_second', 'value'],
      ['llm_tpot', 'avg'],
      ['llm_e2e', 'avg'],
    ] as const) {
      const [real, simulated] = both(metric, key);
      assert.ok(Math.abs(real / simulated - 1) < TOLERANCE, `${metric}: ${real} against ${simulated}`);
    }
  });

  it('agree in the time to the first token', () => {
    const [real, simulated] = both('llm_ttft', 'avg');
    assert.ok(Math.abs(real / simulated - 1) < TTFT_TOLERANCE, `${real} against ${simulated}`);
  });

  it('have the same metrics', () => {
    const names = ({ metrics }: Summary) => Object.keys(metrics).filter((name) => name.startsWith('llm_'));
    // Virtual users get no text.
    assert.deepEqual(
      names(measured).filter((name) => !/characters/.test(name)),
      names(virtual).filter((name) => !/characters/.test(name)),
    );
  });
});
