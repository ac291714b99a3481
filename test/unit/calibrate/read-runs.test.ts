import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readRuns, refuseTooFew } from '../../../engine/calibrate/read-runs.js';
import { cardNamed, deploymentOf, modelNamed } from '../../../engine/hardware/index.js';
import { virtualRun } from '../../../engine/virtual/virtual-run.js';
import { tokenswarm } from '../../support/command.js';
import { testFolder } from '../../support/folder.js';

const DEPLOYMENT = deploymentOf({ card: cardNamed('h200', 'test'), model: modelNamed('qwen2.5-7b', 'test') });

const BENCH = {
  ...{ output_throughput: 10_391.2, completed: 1024, failed: 0, max_concurrency: 64, request_rate: 'inf' },
  ...{ total_input_tokens: 42_499, total_output_tokens: 262_144, model_id: 'Qwen2.5-7B-Instruct' },
  ...{ mean_ttft_ms: 99.9, p95_ttft_ms: 190.3, mean_tpot_ms: 5.72, mean_e2el_ms: 1558.4 },
};

/** Record of a run like a measured one. */
function record(
  change: { readonly gpu?: string; readonly outcome?: 'completed' | 'aborted'; readonly simulated?: boolean } = {},
) {
  const made = virtualRun({
    name: 'run.ts',
    card: { deployment: DEPLOYMENT },
    scenario: { executor: 'shared-iterations', vus: 2, iterations: 8 },
    labels: { gpu: change.gpu ?? 'H200', model: 'Qwen2.5-7B', 'stream-interval': '4' },
    prompts: () => ({ promptTokens: 2000, tokens: 20 }),
    seed: 1,
  });
  const target = { ...made.target!, simulated: change.simulated ?? false };
  return { ...made, target, run: { ...made.run, outcome: change.outcome ?? 'completed' } };
}

describe('runs for a calibration', () => {
  const folder = testFolder();
  const read = (document: unknown) => readRuns([folder.write('run.json', JSON.stringify(document))], DEPLOYMENT);

  it('are read from files of vllm bench serve', async () => {
    const { runs } = await read(BENCH);
    const { users, requests, promptTokens, answer, figures } = runs[0]!;
    assert.deepEqual([users, requests, promptTokens.toFixed(1), answer], [64, 1024, '41.5', { least: 256, most: 256 }]);
    assert.deepEqual(figures, { tokensPerSecond: 10_391.2, e2e: 1558.4, ttft: 99.9, ttftP95: 190.3, tpot: 5.72 });
  });

  it('are read from our records, with the settings that labels tell', async () => {
    const { runs, leftOut } = await read(record());
    assert.deepEqual(leftOut, []);
    const { users, requests, isSteady, promptTokens, answer, settings } = runs[0]!;
    assert.deepEqual([users, requests, isSteady, promptTokens, answer], [2, 8, false, 2000, { least: 20, most: 20 }]);
    assert.equal(settings.streamInterval, 4);
  });

  it('are left out where they were cut short, simulated or had no users, and named', async () => {
    for (const [document, why] of [
      [record({ outcome: 'aborted' }), /the run was aborted/],
      [record({ simulated: true }), /nothing was measured/],
      [{ ...BENCH, request_rate: 20 }, /arrival rate/],
      [{ ...BENCH, failed: 200 }, /200 of its requests failed/],
    ] as const) {
      const { runs, leftOut } = await read(document);
      assert.equal(runs.length, 0);
      assert.match(leftOut[0]!.why, why);
    }
  });

  it('are refused where card or model are others', async () => {
    await assert.rejects(read(record({ gpu: 'H20' })), /its card is H20, not H200/);
    await assert.rejects(
      read({ ...BENCH, model_id: 'Qwen/Qwen2.5-14B-Instruct' }),
      /its model is Qwen\/Qwen2\.5-14B-Instruct/,
    );
    await assert.rejects(read({ some: 'thing' }), /not the record of a run/);
  });

  it('are too few without one user, many users and long prompts', async () => {
    const found = await read(BENCH);
    assert.throws(() => refuseTooFew(found), /one of 1 to 4 users.*; one with prompts of 1,000 tokens or more/);
  });

  it('cannot be explained where they contradict one another: nothing is written', async () => {
    const of = (users: number, ttft: number, tpot: number, prompt = 40) => ({
      ...{ ...BENCH, max_concurrency: users, completed: 4 * users, total_input_tokens: prompt * 4 * users },
      ...{ total_output_tokens: 32 * 4 * users, mean_ttft_ms: ttft, p95_ttft_ms: ttft, mean_tpot_ms: tpot },
      ...{ mean_e2el_ms: ttft + 31 * tpot, output_throughput: (1000 * users * 32) / (ttft + 31 * tpot) },
    });
    const files = [of(1, 15, 40), of(2, 20, 2), of(32, 40, 300), of(32, 9, 3, 2000)].map((each, i) => {
      return folder.write(`bad-${i}.json`, JSON.stringify(each));
    });
    const out = `${folder.path}/out.json`;
    const { code, stderr } = await tokenswarm(
      ['calibrate', ...files, '--card', 'h200', '--model-arch', 'qwen2.5-7b', '--engine', 'vllm-0.24', '--out', out],
      { cwd: folder.path },
    );
    assert.notEqual(code, 0);
    assert.match(stderr, /the constants do not explain the runs: .* is off by \d+ %.*nothing was written/);
    assert.ok(!existsSync(out));
  });
});
