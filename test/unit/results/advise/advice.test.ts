import assert from 'node:assert/strict';
import { UserError } from '../../../../engine/errors.js';
import {
  cardNamed,
  DEFAULT_EFFICIENCY,
  decodeWork,
  deploymentOf,
  modelNamed,
  prefillWork,
  stepTime,
} from '../../../../engine/hardware/index.js';
import { type Advice, type Asked, advise } from '../../../../engine/results/advise/advice.js';
import { readPrices } from '../../../../engine/results/advise/prices.js';
import { expectedUnder } from '../../../../engine/results/advise/roofline-load.js';
import type { RecordedRun } from '../../../../engine/results/recorded-run.js';
import { type Measured, recordOf } from '../../../support/records.js';

const PRICES = readPrices('prices.json', { currency: 'USD', perCardHour: { H800: 2.5, 'RTX 4090': 0.4 } });

/** Levels of a card: users, with TTFT and TPOT of each. */
type Levels = readonly (readonly [users: number, ttft: number, tpot: number, more?: Measured])[];

function levels(gpu: string, all: Levels, tp = '1'): RecordedRun[] {
  return all.map(([users, ttft, tpot, more = {}]) => {
    const labels = { gpu, model: 'Qwen2.5-7B', tp, ...more.labels };
    return { file: `${gpu}/${users}.json`, record: recordOf({ users, ttft, tpot, ...more, labels }) };
  });
}

function ask(runs: readonly RecordedRun[], more: Partial<Asked> = {}): Advice {
  const load = { unit: 'users', value: 500 } as const;
  return advise(runs, { load, slos: ['llm_ttft:avg<500'], by: ['gpu', 'model', 'tp'], roofline: false, ...more });
}

const only = (advice: Advice) => advice.alternatives[0]!.options[0]!;

function refusal(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error;
  }
  throw new Error('nothing was refused');
}

describe('advice', () => {
  it('interpolates the limit between the levels around it, over the logarithm of the load', () => {
    // 500 ms lie in the middle of 300 and 700: √(64 · 256) users.
    const option = only(
      ask(
        levels('H800', [
          [1, 50, 10],
          [64, 300, 12],
          [256, 700, 20],
        ]),
      ),
    );
    assert.ok(Math.abs(option.limit - 128) < 1e-9);
    assert.deepEqual([option.replicas, option.cards, option.load, option.isAtLeast], [4, 4, 125, false]);
    assert.ok(Math.abs(option.headroom - (4 * 128) / 500 + 1) < 1e-9);
    assert.equal(option.first?.text, 'llm_ttft avg<500');
    const expected = 300 + 400 * (Math.log(125 / 64) / Math.log(256 / 64));
    assert.ok(Math.abs(option.expected[0]!.value! - expected) < 1e-9);
    assert.match(
      option.basis.join('\n'),
      /^interpolated between 64 users and 256 users\nthe limit lies between the levels of 64 users, which passes, and 256 users, where llm_ttft avg<500 fails$/,
    );
  });

  it('takes the condition that fails first, upwards or downwards', () => {
    const runs = levels('H800', [
      [64, 300, 20],
      [256, 700, 60],
    ]);
    const slos = ['llm_ttft:avg<500', 'llm_tpot:avg<=30', 'llm_user_tokens_per_second:avg>40'];
    const option = only(ask(runs, { slos }));
    // TPOT reaches 30 ms after a quarter of the way; 1000/TPOT falls from 50 to 16.7 and reaches 40 after 0.3 of it.
    assert.ok(Math.abs(option.limit - 64 * 4 ** 0.25) < 1e-9);
    assert.equal(option.first?.text, 'llm_tpot avg<=30');
    const speed = only(ask(runs, { slos: slos.slice(2) }));
    assert.ok(Math.abs(speed.limit - 64 * 4 ** 0.3) < 1e-6);
  });

  it('never goes beyond the highest level, and says so', () => {
    const option = only(
      ask(
        levels('H800', [
          [1, 50, 10],
          [64, 100, 12],
        ]),
      ),
    );
    assert.deepEqual([option.limit, option.replicas, option.isAtLeast], [64, 8, true]);
    assert.match(
      option.basis.join('\n'),
      /the level of 64 users passes and is the highest measured: higher loads are unknown/,
    );
  });

  it('stops at the first level that fails, though a higher one passes', () => {
    const option = only(
      ask(
        levels('H800', [
          [8, 100, 10],
          [16, 900, 10],
          [32, 100, 10],
          [64, 900, 10],
        ]),
      ),
    );
    assert.ok(option.limit >= 8 && option.limit < 16);
  });

  it('tells surely from probably by bounds, and how many replicas would be sure', () => {
    const runs = (noise: number | null) =>
      levels('H800', [
        [64, 300, 12, { noise }],
        [256, 700, 20, { noise }],
      ]);
    const option = only(ask(runs(0.1)));
    // At the upper ends, 330 and 770 ms, 500 ms are reached after 0.386 of the way: at 109 users.
    assert.deepEqual([option.verdict, option.replicas, option.sureReplicas], ['probably', 4, 5]);
    assert.equal(only(ask(runs(0.1), { load: { unit: 'users', value: 109 } })).verdict, 'surely');
    const without = only(ask(runs(null)));
    assert.deepEqual([without.verdict, without.sureReplicas], ['probably', undefined]);
  });

  it('ranks by cost, tells what a million tokens cost, and ranks what has no price by its cards', () => {
    const runs = [
      ...levels('H800', [[256, 100, 10]]),
      ...levels('NVIDIA RTX 4090', [[64, 100, 20]]),
      ...levels('A800', [[128, 100, 15]]),
      ...levels('H20', [[256, 100, 15]]),
    ];
    const advice = ask(runs, { prices: PRICES });
    assert.deepEqual(
      advice.alternatives[0]!.options.map(({ name, cards, costPerHour }) => [name, cards, costPerHour]),
      [
        ['NVIDIA RTX 4090, TP 1', 8, 3.2],
        ['H800, TP 1', 2, 5],
        ['H20, TP 1', 2, undefined],
        ['A800, TP 1', 4, undefined],
      ],
    );
    assert.match(advice.warnings.join('\n'), /there is no price for A800, H20: ranked after the others, by cards/);
    const [, h800] = advice.alternatives[0]!.options;
    // 500 users of 201 tokens in 100 + 200 · 10 ms; below the lowest level in proportion.
    const tokensPerSecond = (500 * 201) / 2.1;
    assert.ok(Math.abs(h800!.tokensPerSecond - tokensPerSecond) < 1e-6);
    assert.ok(Math.abs(h800!.costPerMillion! - (5 / (tokensPerSecond * 3600)) * 1e6) < 1e-9);
    assert.match(h800!.basis[0] ?? '', /below the lowest measured level, 256 users: assumed to be no worse/);
  });

  it('counts cards of a replica, and replicas that were measured together', () => {
    const runs = levels(
      'H800',
      [
        [64, 100, 12, { labels: { replicas: '2' } }],
        [256, 900, 20, { labels: { replicas: '2' } }],
      ],
      '4',
    );
    const option = only(ask(runs));
    assert.ok(Math.abs(option.limit - 32 * 4 ** 0.5) < 1e-9);
    assert.deepEqual([option.replicas, option.cards], [8, 32]);
  });

  it('says what a deployment misses at its lowest level, and by how much', () => {
    const advice = ask([...levels('RTX 4090', [[1, 600, 55]]), ...levels('H800', [[1, 50, 5]])], {
      slos: ['llm_ttft:avg<500', 'llm_tpot:avg<50'],
    });
    assert.deepEqual(advice.alternatives[0]!.impossible, [
      {
        name: 'RTX 4090, TP 1',
        why: [
          'llm_ttft avg<500: 600.0 ms at 1 user, the lowest that was measured, 20 % beyond its limit',
          'llm_tpot avg<50: 55.00 ms at 1 user, the lowest that was measured, 10 % beyond its limit',
        ],
      },
    ]);
  });

  it('answers for requests a second, from arrivals or from what users came to', () => {
    const load = { unit: 'rate', value: 100 } as const;
    const closed = only(
      ask(
        levels('H800', [
          [8, 100, 2],
          [64, 100, 6],
          [128, 900, 12],
          [256, 1000, 25],
        ]),
        { load },
      ),
    );
    // 8 users in 0.5 s are 16 requests/s, 64 in 1.3 s 49.2; 128 in 3.3 s are fewer, and count no more.
    assert.ok(Math.abs(closed.limit - 64 / 1.3) < 1e-6);
    assert.equal(closed.replicas, 3);
    assert.match(closed.basis.join('\n'), /throughput does not rise beyond the level of 64 users/);
    const open = [10, 40].map((rate) => ({
      file: `${rate}.json`,
      record: recordOf({ rate, ttft: rate * 20, labels: { gpu: 'H800', model: 'm', tp: '1' } }),
    }));
    const option = only(ask(open, { load }));
    assert.ok(Math.abs(option.limit - 10 * 4 ** 0.5) < 1e-9);
    assert.equal(refusal(() => ask(open)).message, 'all runs have arrival rates: use --rate');
  });

  it('takes a rate for carried only where no arrivals were dropped', () => {
    const load = { unit: 'rate', value: 20 } as const;
    const runs = [10, 40].map((rate) => {
      const record = recordOf({ rate, labels: { gpu: 'H800', model: 'm', tp: '1' } });
      const counter = (count: number) => ({ ...record.metrics.llm_failed!, values: { count } });
      const metrics = {
        ...record.metrics,
        iterations: counter(900),
        dropped_iterations: counter(rate === 40 ? 100 : 0),
      };
      return { file: `${rate}.json`, record: { ...record, metrics } };
    });
    const option = only(ask(runs, { load }));
    assert.deepEqual([option.limit, option.first?.text], [10, 'dropped_iterations share<=0.01']);
  });

  it('advises from the scenario with the most levels, and tells what it leaves out', () => {
    const latency = {
      file: 'latency.json',
      record: recordOf({ labels: { gpu: 'H800', model: 'm', tp: '1' }, scenario: 'a/latency.ts' }),
    };
    const advice = ask([
      latency,
      ...levels('H800', [
        [1, 50, 10, { labels: { model: 'm' } }],
        [64, 100, 12, { labels: { model: 'm' } }],
      ]),
    ]);
    assert.equal(only(advice).limit, 64);
    const why = 'its scenario latency.ts has no more levels than throughput.ts';
    assert.deepEqual(advice.leftOut, [{ file: 'latency.json', why }]);
  });

  it('keeps measured and simulated deployments, and those of different models, apart', () => {
    const model = (name: string) => ({ labels: { model: name } });
    const advice = ask([
      ...levels('H800', [[64, 100, 10]]),
      ...levels('A800', [[64, 100, 10, { simulated: true }]]),
      ...levels('H800', [[64, 100, 10, model('Qwen2.5-14B')]]),
    ]);
    assert.deepEqual(
      advice.alternatives.map(({ model: name, source, options }) => [name, source, options.length]),
      [
        ['Qwen2.5-7B', 'measured', 1],
        ['Qwen2.5-14B', 'measured', 1],
        ['Qwen2.5-7B', 'simulated', 1],
      ],
    );
  });

  it('names what limits a deployment, from what the server and the card say', () => {
    const server = (waiting: number, kvCache: number, preemptions = 0) => {
      const point = {
        ...{ running: 60, kvCache, waiting, preemptions, prefixQueries: null, prefixHits: null },
        ...{ generationTokens: null, draftTokens: null, acceptedTokens: null },
      };
      return {
        ...{
          metricsUrl: '',
          version: null,
          cacheConfig: null,
          prefixHitRate: null,
          draftAcceptance: null,
          preemptions,
        },
        points: [
          { at: 1, ...point, waiting: 500, kvCache: 1 },
          { at: 30, ...point },
        ],
      };
    };
    const limitOf = (more: Measured) => only(ask(levels('H800', [[64, 100, 10, more]]))).limitation.limit;
    assert.equal(limitOf({ server: server(0, 0.97) }), 'KV memory');
    assert.equal(limitOf({ server: server(0, 0.5, 3) }), 'KV memory');
    // What was before the steady state does not count.
    assert.equal(limitOf({ server: server(20, 0.5) }), 'queue');
    assert.equal(limitOf({ server: server(0, 0.5), tpot: 6, tokensPerSecond: 64 / 0.006 }), 'bandwidth');
    assert.equal(limitOf({ input: 8000, output: 100, tpot: 60, tokensPerSecond: 300 }), 'compute');
    assert.equal(limitOf({ tpot: 100, tokensPerSecond: 640 }), 'other');
    assert.equal(limitOf({ labels: { gpu: 'my card' } }), 'unknown');
  });

  it('estimates deployments without runs from the roofline when asked, apart and marked', () => {
    const runs = levels('H800', [[64, 100, 10]]);
    assert.equal(ask(runs).alternatives.length, 1);
    const advice = ask(runs, { roofline: true, prices: PRICES, slos: ['llm_tpot:p(95)<15'] });
    const [measured, estimated] = advice.alternatives;
    assert.deepEqual([measured?.source, estimated?.source], ['measured', 'roofline']);
    const names = estimated!.options.map(({ name }) => name);
    // One card of an H800 was measured; a 4090 reads 15 GB of weights in 15 ms at the least.
    assert.ok(names.includes('RTX 4090, TP 2') && names.some((name) => /H800.*TP 2/.test(name)), names.join());
    assert.ok(!names.some((name) => /H800.*TP 1/.test(name)));
    assert.match(
      estimated!.impossible.map(({ name, why }) => `${name}: ${why}`).join('\n'),
      /RTX 4090, TP 1: llm_tpot p\(95\)<15: \d/,
    );
    assert.deepEqual(estimated!.options[0]!.basis, ['estimated from the roofline: not measured']);
    assert.match(advice.assumptions.join('\n'), /roofline estimates are means/);
  });
});

describe('the load that the roofline expects', () => {
  const of = (gpu: string, model: string, tensorParallel = 1) =>
    deploymentOf({ card: cardNamed(gpu, ''), model: modelNamed(model, ''), tensorParallel });
  const traffic = { input: 1000, output: 201, thinking: 0 };

  it('obeys Little, and slows down with users', () => {
    const deployment = of('A800', 'Qwen2.5-7B');
    let before = 0;
    for (const users of [1, 8, 64, 512]) {
      const { ttft, tpot, e2e, requestsPerSecond, batch } = expectedUnder(deployment, traffic, users)!;
      assert.ok(Math.abs((requestsPerSecond * e2e) / 1000 - users) < users * 1e-3);
      assert.ok(Math.abs(e2e - (ttft + 200 * tpot)) < 1e-6);
      const step = stepTime(deployment, DEFAULT_EFFICIENCY);
      const prompts = (batch / 200) * step(prefillWork(1000)).total;
      assert.ok(Math.abs(tpot - prompts - step(decodeWork(batch, batch * 1100.5)).total) < 1e-6);
      assert.ok(tpot > before && batch <= 256);
      before = tpot;
    }
    assert.equal(expectedUnder(deployment, traffic, 512)!.limit, 'queue');
    assert.equal(expectedUnder(of('H20', 'Qwen2.5-7B'), { ...traffic, input: 10 }, 8)!.limit, 'bandwidth');
  });

  it('knows what does not fit, and where memory ends', () => {
    assert.equal(expectedUnder(of('RTX 4090', 'Qwen2.5-14B'), traffic, 1), undefined);
    assert.equal(expectedUnder(of('RTX 4090', 'Qwen1.5-7B'), traffic, 64)!.limit, 'KV memory');
  });
});

describe('what is asked of advice', () => {
  it('refuses conditions that cannot be read, all at once', () => {
    const error = refusal(() =>
      ask(levels('H800', [[1, 50, 5]]), {
        slos: [
          'llm_tfft:avg<1',
          'llm_ttft:rate<1',
          'llm_ttft',
          'llm_ttft:avg==5',
          'llm_ttft{name:a}:avg<5',
          'llm_failed:rate<0.01',
        ],
      }),
    );
    assert.equal(error.where, '--slo');
    assert.deepEqual(error.message.split('\n'), [
      '"llm_tfft:avg<1": there is no metric called llm_tfft; did you mean "llm_ttft"?',
      '"llm_ttft:rate<1": llm_ttft is a trend and has no rate; it has avg, min, max, med, p(N)',
      '"llm_ttft" cannot be read: expected METRIC:CONDITION such as llm_ttft:p(95)<500',
      '"llm_ttft:avg==5": expected <, <=, > or >=, got ==',
      '"llm_ttft{name:a}:avg<5": no record has llm_ttft{name:a}; set a threshold on it when you run',
    ]);
  });

  it('refuses prices of the wrong form, with the path of each field', () => {
    const message = (content: unknown) => refusal(() => readPrices('prices.json', content)).message;
    assert.match(
      message({ currency: 1, perCardHour: { H800: '2.5', A800: -1 }, tax: 3 }),
      /^currency: .*\nperCardHour\.H800: .*\nperCardHour\.A800: .*\ntax: /s,
    );
    assert.match(message([]), /^(currency|the file): /);
    assert.equal(
      message({ currency: 'USD', perCardHour: { H800: 1, 'nvidia h800': 2 } }),
      'perCardHour: H800 and nvidia h800 are the same card',
    );
  });
});
