import assert from 'node:assert/strict';
import { type Summary, virtualRun } from '../../engine/index.js';
import { on } from '../study/crossover.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { forkSimulator } from '../support/simulator.js';

/** Relative difference allowed between HTTP and virtual time. docs/study.md has the differences on a machine at rest. */
const TOLERANCE = 0.15;

/** Milliseconds that sockets and threads may add to the TTFT. */
const ON_THE_WAY = 20;

describe('virtual time and HTTP', () => {
  const folder = testFolder();
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
    const simulator = await forkSimulator(
      ...['--card', 'rtx-4090', '--model-arch', 'qwen2.5-7b', '--max-model-len', '4096', '--no-enable-prefix-caching'],
    );
    try {
      measured = await runToEnd(scenario, settings(simulator.url, { workers: 1 }, 'Qwen2.5-7B'));
    } finally {
      simulator.stop();
    }
    virtual = virtualRun({
      ...{ name: 'agreement', scenario: users, labels: {}, prompts: { file }, seed: 1 },
      card: { deployment: on('rtx-4090', 'qwen2.5-7b'), maxModelLen: 4096, prefixCaching: false },
    });
  });

  const both = (metric: string, key: string) =>
    [measured, virtual].map(({ metrics }) => metrics[metric]?.values[key] ?? Number.NaN) as [number, number];

  it('simulate the same server', () => {
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

  it('agree in the time to the first token, but for the way to the server', () => {
    const [real, simulated] = both('llm_ttft', 'avg');
    assert.ok(
      real > (1 - TOLERANCE) * simulated && real < (1 + TOLERANCE) * simulated + ON_THE_WAY,
      `${real} against ${simulated}`,
    );
  });

  it('have the same metrics', () => {
    const names = ({ metrics }: Summary) => Object.keys(metrics).filter((name) => name.startsWith('llm_'));
    // There is no text in virtual time.
    assert.deepEqual(
      names(measured).filter((name) => !/characters/.test(name)),
      names(virtual).filter((name) => !/characters/.test(name)),
    );
  });
});
