import assert from 'node:assert/strict';
import { recordOf } from '../../../support/records.js';
import { ask, levels, only, refusal } from './advised-runs.js';

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

  it('distinguishes certain from probable by bounds, with the replicas for certainty', () => {
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

  it('accepts a rate only without dropped arrivals', () => {
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
});
