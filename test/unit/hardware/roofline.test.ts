import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  allReduceTime,
  bandwidthUtilization,
  CARDS,
  cardNamed,
  computeUtilization,
  DEFAULT_EFFICIENCY,
  decodeBound,
  decodeWork,
  deploymentOf,
  IDEAL_EFFICIENCY,
  MODELS,
  memoryUse,
  modelNamed,
  prefillBound,
  prefillWork,
  stepTime,
  WEIGHT_PRECISIONS,
} from '../../../engine/hardware/index.js';

const deployed = (model: string, card: string, tensorParallel = 1) => {
  return deploymentOf({ card: cardNamed(card, 'test'), model: modelNamed(model, 'test'), tensorParallel });
};

/**
 * Model, card, TP, TTFT, TPOT at batch 1, at 32, capacity. The prompt has 1024 tokens, TPOT is after 1024 tokens,
 * capacity is in thousands of tokens.
 */
const WORKED: readonly (readonly [string, string, number, number, number, number, number])[] = [
  ['qwen2.5-7b', 'rtx-4090', 1, 88.9, 14.09, 15.89, 50],
  ['qwen2.5-7b', 'l40s', 1, 40.6, 16.43, 18.54, 427],
  ['qwen2.5-7b', 'a800', 1, 47.1, 6.96, 7.86, 929],
  ['qwen2.5-7b', 'h800', 1, 14.9, 4.24, 4.78, 929],
  ['qwen2.5-7b', 'h20', 1, 99.3, 3.55, 4.0, 1180],
  ['qwen2.5-14b', 'a800', 1, 93.5, 13.82, 16.88, 198],
  ['qwen2.5-32b', 'a800', 1, 212, 31.5, 35.59, 11],
  ['qwen2.5-72b', 'a800', 4, 118, 17.56, 18.84, 392],
  ['qwen2.5-72b', 'h20', 2, 499, 17.91, 19.21, 62],
  ['qwen1.5-7b', 'rtx-4090', 1, 89.7, 14.62, 31.13, 5],
  ['qwen1.5-7b', 'a800', 1, 47.5, 7.23, 15.39, 101],
];

/** Equal as far as the table gives digits. */
function near(actual: number, expected: number, share = 0.006): void {
  assert.ok(Math.abs(actual / expected - 1) <= share, `${actual} is not ${expected}`);
}

describe('the roofline', () => {
  for (const [model, card, t, ttft, alone, batched, thousands] of WORKED) {
    it(`bounds ${model} on ${t} × ${card} as worked out by hand`, () => {
      const deployment = deployed(model, card, t);
      near(prefillBound(deployment, 1024).ms, ttft);
      near(decodeBound(deployment, 1, 1024).ms, alone);
      near(decodeBound(deployment, 32, 1024).ms, batched);
      const { kvTokens } = memoryUse(deployment, { memoryOverheadGb: 3.5, linkMemoryGb: 0 });
      assert.equal(Math.round(kvTokens / 1000), thousands);
    });
  }

  it('has H20 first at decoding and last at prompts', () => {
    const cards = ['rtx-4090', 'a800', 'h800', 'h20'].map((card) => deployed('qwen2.5-7b', card));
    const ranked = (of: (deployment: (typeof cards)[number]) => number) => {
      return cards.toSorted((a, b) => of(a) - of(b)).map(({ card }) => card.slug);
    };
    assert.deepEqual(
      ranked((deployment) => prefillBound(deployment, 1024).ms),
      ['h800', 'a800', 'rtx-4090', 'h20'],
    );
    assert.deepEqual(
      ranked((deployment) => decodeBound(deployment, 1, 1024).ms),
      ['h20', 'h800', 'a800', 'rtx-4090'],
    );
  });

  it('says which limit a bound comes from', () => {
    const deployment = deployed('qwen2.5-7b', 'h20');
    assert.equal(prefillBound(deployment, 1024).limit, 'compute');
    assert.equal(prefillBound(deployment, 4).limit, 'memory');
    assert.equal(decodeBound(deployment, 1, 1024).limit, 'memory');
    assert.equal(decodeBound(deployment, 256, 10).limit, 'compute');
  });

  it('gives a step without losses the time of its bound, where one limit alone counts', () => {
    for (const [model, card] of WORKED) {
      const deployment = deployed(model, card);
      const step = stepTime(deployment, IDEAL_EFFICIENCY);
      near(step(decodeWork(1, 1024)).total, decodeBound(deployment, 1, 1024).ms, 1e-9);
      // The head is counted for one token instead of all of them, and each token attends to itself.
      near(step(prefillWork(4096)).total, prefillBound(deployment, 4096).ms, 0.1);
    }
  });

  it('never has a step that is faster than without losses, nor a faster one for more work', () => {
    const amount = fc.integer({ min: 1, max: 20_000 });
    const pick = (from: ReadonlyMap<string, unknown>) => fc.constantFrom(...from.keys());
    fc.assert(
      fc.property(pick(CARDS), pick(MODELS), fc.constantFrom(1, 2, 4, 8), amount, amount, (card, model, t, a, b) => {
        const deployment = deployed(model, card, t);
        const real = stepTime(deployment, DEFAULT_EFFICIENCY);
        const ideal = stepTime(deployment, IDEAL_EFFICIENCY);
        for (const work of [decodeWork(a, a + b), prefillWork(a, b)]) {
          assert.ok(real(work).total > ideal(work).total);
          assert.ok(ideal(work).total >= Math.max(ideal(work).memory, ideal(work).compute) - 1e-9);
        }
        assert.ok(real(prefillWork(a + 1, b)).total >= real(prefillWork(a, b)).total);
        assert.ok(real(decodeWork(a, a + b + 1)).total >= real(decodeWork(a, a + b)).total);
      }),
    );
  });

  it('is faster on more cards, by less than their number, and slower over PCIe', () => {
    const time = (card: string, t: number) => stepTime(deployed('qwen2.5-14b', card, t), DEFAULT_EFFICIENCY);
    for (const work of [decodeWork(8, 8000), prefillWork(4000)]) {
      const [one, two, four] = [1, 2, 4].map((t) => time('a800', t)(work).total) as [number, number, number];
      assert.ok(one > two && two > four && four > one / 4);
      assert.equal(time('a800', 1)(work).link, 0);
      assert.ok(time('rtx-4090', 2)(work).link > 2 * time('a800', 2)(work).link);
      assert.ok(time('a800', 2)(work).link > time('a100', 2)(work).link);
    }
    // A ring of four moves 3/2 of the 5120 elements of a token in 2 bytes, over 200 GB/s one way; nothing else counts here.
    const move = allReduceTime(deployed('qwen2.5-14b', 'a800', 4), IDEAL_EFFICIENCY)(1000);
    near(move, (1.5 * 1000 * 5120 * 2) / 200e6, 1e-9);
    // A bridge joins two cards; four talk over PCIe.
    assert.ok(time('a100-pcie', 4)(prefillWork(4000)).link > 5 * time('a100', 4)(prefillWork(4000)).link);
  });

  it('reads less of narrower weights, and computes faster with them where the card can', () => {
    const step = (card: string, weights: (typeof WEIGHT_PRECISIONS)[number]) => {
      const deployment = deploymentOf({ ...deployed('qwen2.5-7b', card), weights });
      return stepTime(deployment, IDEAL_EFFICIENCY);
    };
    const decode = WEIGHT_PRECISIONS.map((weights) => step('h800', weights)(decodeWork(1, 100)).total);
    const [bf16, fp8, int8, int4] = decode as [number, number, number, number];
    assert.ok(bf16 > 1.8 * fp8 && fp8 === int8 && int8 > int4);
    const prompt = (card: string, weights: (typeof WEIGHT_PRECISIONS)[number]) => {
      return step(card, weights)(prefillWork(4000)).compute;
    };
    assert.ok(prompt('h800', 'bf16') > 1.8 * prompt('h800', 'fp8'));
    assert.equal(prompt('h800', 'bf16'), prompt('h800', 'int4'));
    // An A100 has no units for fp8, but has them for int8.
    assert.equal(prompt('a100', 'bf16'), prompt('a100', 'fp8'));
    assert.ok(prompt('a100', 'bf16') > 1.8 * prompt('a100', 'int8'));
  });

  it('finds all of the bandwidth used in a step that takes its bound, half of it in one that takes twice as long', () => {
    const deployment = deployed('qwen2.5-7b', 'h800');
    const { ms } = decodeBound(deployment, 32, 1024);
    near(bandwidthUtilization(deployment, 32 * 1024, ms), 1, 1e-9);
    near(bandwidthUtilization(deployment, 32 * 1024, 2 * ms), 0.5, 1e-9);
    const two = deployed('qwen2.5-7b', 'h800', 2);
    near(bandwidthUtilization(two, 32 * 1024, ms), 0.5, 1e-9);
  });

  it('finds all of the peak used by prompts that take their bound', () => {
    const deployment = deployed('qwen2.5-7b', 'h800');
    const seconds = prefillBound(deployment, 1024).ms / 1000;
    near(computeUtilization(deployment, [{ tokensPerSecond: 1024 / seconds, meanContext: 512 }]), 1, 1e-9);
    const half = { tokensPerSecond: 512 / seconds, meanContext: 512 };
    near(computeUtilization(deployment, [half, half]), 1, 1e-9);
    near(computeUtilization(deployed('qwen2.5-7b', 'h800', 4), [half]), 1 / 8, 1e-9);
  });
});
