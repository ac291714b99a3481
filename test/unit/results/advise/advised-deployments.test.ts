import assert from 'node:assert/strict';
import type { Measured } from '../../../support/records.js';
import { ask, levels, only, PRICES } from './advised-runs.js';

describe('deployments in advice', () => {
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
    assert.match(
      estimated!.options[0]!.basis.join(),
      /^estimated from the roofline: not measured; computed by constants of vllm-0\.6\.3, not measured on this card: its error is not known/,
    );
    assert.match(advice.assumptions.join('\n'), /roofline estimates are means/);
  });
});
