import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { type Deployment, deploymentOf } from '../../../engine/hardware/index.js';
import { type Summary, UserError, type VirtualRun, virtualRun } from '../../../engine/index.js';
import { answerTokens } from '../../../engine/virtual/prompt-source.js';
import { asRecorded } from '../../../reporters/index.js';
import { on } from '../../study/crossover.js';
import { ROOT } from '../../support/command.js';
import { testFolder } from '../../support/folder.js';

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'reporters/summary.schema.json'), 'utf8')) as object,
);

function users(peak: number, hold: string, gracefulStop = '30s'): Record<string, unknown> {
  const stages = [
    { duration: '5s', target: peak },
    { duration: hold, target: peak },
  ];
  return { executor: 'ramping-vus', startVUs: 1, stages, gracefulStop };
}

function play(deployment: Deployment, more: Partial<VirtualRun> = {}): Summary {
  return virtualRun({
    ...{ name: 'a test', labels: { gpu: deployment.card.name }, seed: 1 },
    card: { deployment, maxModelLen: 2048, prefixCaching: false },
    scenario: users(16, '1m'),
    prompts: { file: join(ROOT, 'scenarios/data/prompts.en.jsonl') },
    ...more,
  });
}

const value = ({ metrics }: Summary, metric: string, key: string): number => metrics[metric]?.values[key] ?? Number.NaN;
const whole = ({ metrics }: Summary, metric: string, key: string): number =>
  metrics[metric]?.windows.whole?.[key] ?? Number.NaN;
const near = (actual: number, expected: number, share: number) =>
  assert.ok(Math.abs(actual / expected - 1) < share, `${actual} is not within ${share} of ${expected}`);

describe('a run in virtual time', () => {
  const h800 = on('h800', 'qwen2.5-7b');
  let summary: Summary;
  before(() => {
    summary = play(h800);
  });

  it('leaves the record of a run, marked as simulated, and says that nothing was measured', () => {
    const record = asRecorded(summary);
    assert.ok(validate(record), JSON.stringify(validate.errors));
    assert.equal(record.target?.simulated, true);
    assert.equal(record.target?.simulates?.card, 'H800 SXM');
    assert.equal(record.environment.workers, 0);
    assert.equal(record.run.outcome, 'completed');
    assert.equal(record.plan.maxVus, 16);
    assert.deepEqual(record.windows.steady, { from: 5, to: 65 });
    assert.equal(record.quality.inflation, null);
    assert.match(
      record.quality.notes[0] ?? '',
      /^users and server were simulated in virtual time: nothing was measured/,
    );
    assert.equal(record.quality.verdict, 'valid');
  });

  it('obeys the closed-loop law: users are throughput times the time of a round, thought included', () => {
    for (const think of [0, 700]) {
      const thinking = play(h800, { think, scenario: users(40, '2m') });
      const rounds = value(thinking, 'llm_requests_per_second', 'value');
      near((rounds * (value(thinking, 'llm_e2e', 'avg') + think)) / 1000, 40, 0.01);
    }
  });

  it('loses no token and no request', () => {
    const asked: number[] = [];
    const prompts = (iteration: number) => {
      const tokens = answerTokens(iteration);
      asked.push(tokens);
      return { promptTokens: 30 + (iteration % 50), tokens };
    };
    const cut = play(h800, { prompts, scenario: users(16, '20s', '100ms') });
    assert.ok(cut.requests.censored > 0, 'the drain was meant to be too short for some');
    assert.equal(whole(cut, 'llm_requests', 'count') + cut.requests.censored, asked.length);
    assert.equal(whole(cut, 'iterations', 'count'), whole(cut, 'llm_requests', 'count'));
    const all = play(h800, { prompts, scenario: users(16, '20s') });
    assert.equal(all.requests.censored, 0);
    const tokens = asked.slice(-whole(all, 'llm_requests', 'count')).reduce((sum, each) => sum + each, 0);
    assert.equal(whole(all, 'llm_output_tokens', 'count'), tokens);
    near(whole(all, 'llm_output_tokens_per_second', 'value') * all.run.seconds, tokens, 1e-9);
    assert.equal(whole(all, 'llm_itl', 'count'), tokens - whole(all, 'llm_requests', 'count'));
    assert.equal(all.server?.points.at(-1)?.generationTokens, tokens);
  });

  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(play(h800).metrics, summary.metrics);
    assert.notDeepEqual(play(h800, { seed: 2 }).metrics.llm_e2e, summary.metrics.llm_e2e);
  });

  it('knows gaps by their steps as well as by their tokens, where requests lose their place too', () => {
    const crowded = play(on('rtx-4090', 'qwen2.5-7b'), {
      scenario: users(128, '40s'),
      prompts: (iteration) => ({ promptTokens: 40, tokens: 3 * answerTokens(iteration) }),
    });
    assert.ok((crowded.server?.preemptions ?? 0) > 20, 'the cache was meant to be too small');
    const time = whole(crowded, 'llm_itl', 'count') * whole(crowded, 'llm_itl', 'avg');
    const decoding =
      whole(crowded, 'llm_requests', 'count') * (whole(crowded, 'llm_e2e', 'avg') - whole(crowded, 'llm_ttft', 'avg'));
    near(time, decoding, 1e-6);
    assert.equal(
      whole(crowded, 'llm_itl', 'count'),
      whole(crowded, 'llm_output_tokens', 'count') - whole(crowded, 'llm_requests', 'count'),
    );
    assert.ok(whole(crowded, 'llm_itl', 'max') > 10 * whole(crowded, 'llm_itl', 'med'), 'a lost place is a long gap');
  });

  it('counts shared iterations to the last', () => {
    const scenario = { executor: 'shared-iterations', vus: 1, iterations: 30, maxDuration: '1h' };
    const one = play(h800, { scenario });
    assert.equal(whole(one, 'llm_requests', 'count'), 30);
    near(whole(one, 'llm_e2e', 'avg') * 30, one.run.seconds * 1000, 1e-6);
  });

  it('refuses arrivals, a model without room and a data set that is not there', () => {
    const arrivals = { executor: 'constant-arrival-rate', rate: 1, duration: '1m', preAllocatedVUs: 1 };
    assert.throws(() => play(h800, { scenario: arrivals }), {
      name: 'UserError',
      message: 'virtual time supports users only',
    });
    assert.throws(
      () => play(on('rtx-4090', 'qwen2.5-72b')),
      (error) => error instanceof UserError && /does not fit/.test(error.message),
    );
    assert.throws(() => play(h800, { prompts: { file: 'nowhere.jsonl' } }), UserError);
    assert.throws(() => play(h800, { prompts: () => ({ promptTokens: 2047, tokens: 9 }) }), {
      message: 'a prompt of 2047 tokens leaves no room among the 2048 of the longest sequence',
    });
  });

  it('cuts an answer short where there is no room for more', () => {
    const scenario = { executor: 'shared-iterations', vus: 1, iterations: 2, maxDuration: '1h' };
    const cut = play(h800, { scenario, prompts: () => ({ promptTokens: 2000, tokens: 900 }) });
    assert.equal(value(cut, 'llm_output_tokens', 'max'), 47);
  });

  it('takes the length of answers from the data set where it tells them', () => {
    const file = testFolder().write('told.jsonl', '{"prompt": "one two", "output_tokens": 7}\n');
    const told = play(deploymentOf({ ...h800, tensorParallel: 2 }), { prompts: { file } });
    assert.deepEqual([value(told, 'llm_output_tokens', 'min'), value(told, 'llm_output_tokens', 'max')], [7, 7]);
  });
});
