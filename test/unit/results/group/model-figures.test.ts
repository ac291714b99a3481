import assert from 'node:assert/strict';
import { benchmarkOf } from '../../../../engine/results/group/benchmark.js';
import { type Measured, recordOf } from '../../../support/records.js';

const QWEN_7B = { gpu: 'H800', model: 'Qwen2.5-7B', tp: '1' };

function modelOf(measured: Measured) {
  const labels = { ...QWEN_7B, ...measured.labels };
  const benchmark = benchmarkOf(
    [{ file: 'a.json', record: recordOf({ ...measured, labels }) }],
    ['gpu', 'model', 'tp'],
  );
  return { benchmark, model: benchmark.settings[0]!.model };
}

describe('MBU and MFU of a run', () => {
  it('count what a step reads once for its whole batch', () => {
    // 32 users who get a token of Qwen2.5-7B every 10 ms, of 1,000 tokens after 100.
    const { model } = modelOf({ users: 32, input: 100, output: 1000, tpot: 10, ttft: 10, tokensPerSecond: 3200 });
    const { mbu, mfu, batch, context } = model!;
    // By hand: 3,200 · 999/1000 · 10 ms = 31.97 sequences of 100 + 1000/2 tokens.
    assert.ok(Math.abs(batch - 31.968) < 1e-9);
    assert.ok(Math.abs(context - 600) < 1e-9);
    // 7.070 B matrix parameters of 2 bytes, and 56 KiB of keys and values a token, over 10 ms and 3,350 GB/s.
    const bytes = 7.0701e9 * 2 + 31.968 * 600 * 57_344;
    assert.ok(Math.abs(mbu / (bytes / 0.01 / 3350e9) - 1) < 1e-3, `${mbu}`);
    // 2 operations a parameter and 4·28·3584 a token of context, for 3,200 tokens/s and 320 input tokens/s of 50 others.
    const flops = 3200 * (2 * 7.0701e9 + 401_408 * 600) + 320 * (2 * 7.0701e9 + 401_408 * 50);
    assert.ok(Math.abs(mfu / (flops / 989e12) - 1) < 1e-3, `${mfu}`);
  });

  it('are of one replica, and of what was computed', () => {
    const load = { users: 64, input: 1000, output: 200, tpot: 10, tokensPerSecond: 4000 } as const;
    const one = modelOf({ ...load, tokensPerSecond: 2000 }).model!;
    const two = modelOf({ ...load, labels: { replicas: '2' } }).model!;
    assert.ok(Math.abs(two.mbu - one.mbu) < 1e-9 && Math.abs(two.mfu - one.mfu) < 1e-9);
    const server = { metricsUrl: '', version: null, cacheConfig: null, preemptions: 0, points: [] };
    const cached = modelOf({
      ...load,
      tokensPerSecond: 2000,
      server: { ...server, draftAcceptance: null, prefixHitRate: 0.9 },
    }).model!;
    assert.ok(cached.mfu < one.mfu / 3, 'prompts that were found in the cache are not computed');
  });

  it('go by the batch that the server tells, where its front-end delays the tokens', () => {
    const figures = { waiting: 0, kvCache: 0, preemptions: 0, prefixQueries: null, prefixHits: null };
    const none = { generationTokens: null, draftTokens: null, acceptedTokens: null };
    const points = [10, 20, 30, 40, 50, 60].map((at) => ({ at, running: at < 60 ? 90 : 0, ...figures, ...none }));
    const server = {
      metricsUrl: '',
      version: null,
      cacheConfig: null,
      preemptions: 0,
      prefixHitRate: null,
      draftAcceptance: null,
    };
    const load = { users: 512, input: 40, output: 128, tpot: 20, tokensPerSecond: 12_000 } as const;
    const plain = modelOf(load).model!;
    const told = modelOf({ ...load, server: { ...server, points } }).model!;
    assert.ok(plain.batch > 230 && plain.stepMs > 19);
    assert.deepEqual([told.batch, told.stepMs], [90, 7.5]);
    assert.ok(told.mbu > 2 * plain.mbu && told.mbu < 1, `${plain.mbu} ${told.mbu}`);
    assert.ok(Math.abs(told.mfu - plain.mfu) < 1e-9);
  });

  it('count the steps of speculative decoding, which give several tokens', () => {
    const figures = { running: 1, waiting: 0, kvCache: 0, preemptions: 0, prefixQueries: null, prefixHits: null };
    const point = (at: number, generationTokens: number, acceptedTokens: number) => {
      return { at, ...figures, generationTokens, acceptedTokens, draftTokens: null };
    };
    const server = { metricsUrl: '', version: null, cacheConfig: null, preemptions: 0, prefixHitRate: null };
    // Of 3,000 tokens 2,000 were drafts that were right: three tokens a step.
    const points = [point(0, 100, 50), point(60, 3100, 2050)];
    const load = { users: 1, tpot: 4 } as const;
    const plain = modelOf(load).model!;
    const drafted = modelOf({ ...load, server: { ...server, draftAcceptance: 0.7, points } }).model!;
    assert.deepEqual([drafted.tokensPerStep, drafted.stepMs], [3, 12]);
    assert.ok(Math.abs(drafted.mbu - plain.mbu / 3) < 1e-9);
  });

  it('are absent where card, model or precision are unknown, with the known ones listed', () => {
    for (const [labels, says] of [
      [{ gpu: 'GTX 1080' }, /^gpu=GTX 1080: known cards are rtx-4090, l40s, /],
      [{ model: 'Lama' }, /^model=Lama: known models are qwen2\.5-0\.5b, /],
      [{ precision: 'fp3' }, /^precision=fp3: known are bf16, fp8, /],
    ] as const) {
      const { benchmark, model } = modelOf({ labels });
      assert.equal(model, undefined);
      assert.match(benchmark.unknown.join('\n'), says);
    }
    assert.deepEqual(modelOf({}).benchmark.unknown, []);
  });

  it('report impossible labels', () => {
    const warnings = (tpot: number) => modelOf({ users: 1, tpot }).benchmark.warnings.join('\n');
    // Qwen2.5-7B is 14.1 GB to read, which takes an H800 4.2 ms.
    assert.match(warnings(4), /^H800, Qwen2\.5-7B, TP 1 exceeds the limits of its cards, by MBU or MFU/);
    assert.equal(warnings(4.5), '');
  });
});

describe('the trade of throughput against speed', () => {
  it('divides by all cards and marks the Pareto front', () => {
    const run = (tp: string, users: number, tpot: number, tokensPerSecond: number) => {
      const labels = { ...QWEN_7B, tp };
      return { file: `${tp} ${users}`, record: recordOf({ labels, users, tpot, tokensPerSecond }) };
    };
    const all = [run('1', 1, 10, 100), run('1', 64, 20, 3000), run('2', 1, 8, 120), run('2', 64, 20, 4000)];
    const { trades } = benchmarkOf(all, ['gpu', 'model', 'tp']);
    assert.deepEqual(
      trades[0]!.points.map(({ perCard, onFront }) => [Math.round(perCard), onFront]),
      [
        [100, true],
        [3000, true],
        [60, true],
        [2000, false],
      ],
    );
  });
});
