import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  cardNamed,
  DEFAULT_EFFICIENCY,
  type Deployment,
  decodeBound,
  decodeWork,
  deploymentOf,
  IDEAL_EFFICIENCY,
  modelNamed,
  prefillBound,
  prefillWork,
  stepTime,
} from '../../../../engine/hardware/index.js';
import { CardBatching, type CardOptions, planCard } from '../../../../engine/simulator/index.js';
import type { Sequence } from '../../../../engine/simulator/scheduler/schedule.js';

const deployed = (card: string, model = 'qwen2.5-7b', more: Partial<Deployment> = {}) => {
  return deploymentOf({ card: cardNamed(card, 'test'), model: modelNamed(model, 'test'), ...more });
};

/** Serves sequences that arrive together; `gap` precedes the last token. */
function serve(options: CardOptions, sequences: readonly Sequence[]) {
  const schedule = new CardBatching<Sequence>(planCard(options));
  for (const sequence of sequences) schedule.submit(sequence, 0);
  const events = schedule.advance(Infinity);
  const figures = sequences.map((sequence) => {
    const own = events.filter((event) => event.sequence === sequence);
    const [firstAt, lastAt] = [own[0]!.at, own.at(-1)!.at];
    const gap = lastAt - own.at(-2)!.at;
    return { ttft: firstAt, gap, tpot: (lastAt - firstAt) / (sequence.tokens - 1) };
  });
  return { figures, load: schedule.load, makespan: events.at(-1)!.at };
}

const many = (count: number, promptTokens: number, tokens: number): Sequence[] => {
  return Array.from({ length: count }, () => ({ promptTokens, tokens }));
};

describe('the simulator as a card', () => {
  it('gives one user the times of the roofline, and its bounds where nothing is lost', () => {
    for (const card of ['rtx-4090', 'a800', 'h800', 'h20']) {
      const deployment = deployed(card);
      const single = (efficiency = DEFAULT_EFFICIENCY) => {
        const options = { deployment, efficiency, maxModelLen: 8192, maxNumBatchedTokens: 4096 };
        return serve(options, many(1, 1024, 101)).figures[0]!;
      };
      const time = stepTime(deployment, DEFAULT_EFFICIENCY);
      assert.ok(Math.abs(single().ttft - time(prefillWork(1024)).total) < 1e-6);
      // The first decoded token attends to 1025, the last to 1124.
      assert.ok(Math.abs(single().tpot - time(decodeWork(1, 1074.5)).total) < 1e-3);
      const ideal = single(IDEAL_EFFICIENCY);
      assert.ok(Math.abs(ideal.ttft / prefillBound(deployment, 1024).ms - 1) < 0.09, `${card} ${ideal.ttft}`);
      assert.ok(Math.abs(ideal.tpot / decodeBound(deployment, 1, 1074.5).ms - 1) < 1e-6);
    }
  });

  it('is never slower on a card that is better in everything, nor with more cards over NVLink', () => {
    const better = [
      ['a800', 'a100'],
      ['h800', 'h100'],
      ['h100', 'h200'],
      ['a100', 'h100'],
      ['rtx-4090', 'h100'],
      ['h20', 'h20-3e'],
      ['h200', 'b200'],
    ] as const;
    const demand = fc.record({
      pair: fc.constantFrom(...better),
      users: fc.integer({ min: 1, max: 40 }),
      promptTokens: fc.integer({ min: 1, max: 1500 }),
      tokens: fc.integer({ min: 2, max: 60 }),
    });
    fc.assert(
      fc.property(demand, ({ pair: [slower, faster], users, promptTokens, tokens }) => {
        const limits = { maxModelLen: 4096, maxNumSeqs: 256, maxNumBatchedTokens: 2048 };
        const [a, b] = [slower, faster].map((card) => {
          return serve({ deployment: deployed(card), ...limits }, many(users, promptTokens, tokens));
        }) as [ReturnType<typeof serve>, ReturnType<typeof serve>];
        assert.ok(b.makespan <= a.makespan * (1 + 1e-9));
        const two = serve(
          { deployment: deployed(faster, 'qwen2.5-7b', { tensorParallel: 2 }), ...limits },
          many(users, promptTokens, tokens),
        );
        if (promptTokens >= 200) assert.ok(two.makespan < b.makespan * 1.0001);
      }),
      { numRuns: 40 },
    );
  });

  it('has H800 first at prompts and H20 first at decoding, as the roofline has it', () => {
    const figures = ['rtx-4090', 'a800', 'h800', 'h20'].map((card) => {
      const [own] = serve({ deployment: deployed(card), maxModelLen: 4096 }, many(1, 1024, 50)).figures;
      return { card, ...own! };
    });
    const ranked = (of: 'ttft' | 'tpot') => figures.toSorted((a, b) => a[of] - b[of]).map(({ card }) => card);
    assert.deepEqual(ranked('ttft'), ['h800', 'a800', 'rtx-4090', 'h20']);
    assert.deepEqual(ranked('tpot'), ['h20', 'h800', 'a800', 'rtx-4090']);
  });

  it('decodes faster with narrower weights, holds more with narrower keys and values', () => {
    const run = (more: Partial<Deployment>) => {
      const options = { deployment: deployed('h800', 'qwen1.5-7b', more), maxModelLen: 4096 };
      return { ...serve(options, many(16, 500, 50)), plan: planCard(options) };
    };
    const [bf16, fp8, int4, kv] = [run({}), run({ weights: 'fp8' }), run({ weights: 'int4' }), run({ kv: 'fp8' })];
    assert.ok(bf16.figures[0]!.gap > fp8.figures[0]!.gap && fp8.figures[0]!.gap > int4.figures[0]!.gap);
    assert.ok(kv.figures[0]!.gap < bf16.figures[0]!.gap);
    // Weights of 4 bits are widened before they are multiplied: that does nothing for prompts.
    assert.equal(int4.figures[0]!.ttft, bf16.figures[0]!.ttft);
    assert.ok(fp8.figures[0]!.ttft < bf16.figures[0]!.ttft);
    assert.ok(Math.abs(kv.plan.blocks / bf16.plan.blocks - 2) < 0.001);
    assert.ok(fp8.plan.blocks > bf16.plan.blocks && int4.plan.blocks > fp8.plan.blocks);
  });

  it('preempts where sequences outgrow the KV cache, and loses throughput by it', () => {
    // An RTX 4090 with Qwen1.5-7B has room for some 5,000 tokens.
    const options = { deployment: deployed('rtx-4090', 'qwen1.5-7b'), maxModelLen: 2048 };
    const crowded = serve(options, many(32, 100, 400));
    assert.ok(crowded.load.preemptions > 5, `${crowded.load.preemptions}`);
    const roomy = serve({ ...options, deployment: deployed('rtx-4090', 'qwen2.5-7b') }, many(32, 100, 400));
    assert.equal(roomy.load.preemptions, 0);
    assert.ok(crowded.makespan > 1.5 * roomy.makespan);
    const narrow = serve(
      { ...options, deployment: deployed('rtx-4090', 'qwen1.5-7b', { kv: 'fp8' }) },
      many(32, 100, 400),
    );
    assert.ok(narrow.load.preemptions < crowded.load.preemptions && narrow.makespan < crowded.makespan);
  });

  it('keeps the tokens of others coming while a long prompt is computed in chunks', () => {
    const gapWith = (chunkedPrefill: boolean) => {
      const deployment = deployed('a800');
      const limits = chunkedPrefill ? { maxNumBatchedTokens: 512 } : {};
      const schedule = new CardBatching<Sequence>(
        planCard({ deployment, chunkedPrefill, maxModelLen: 16_384, ...limits }),
      );
      const [short, long] = [
        { promptTokens: 50, tokens: 200 },
        { promptTokens: 12_000, tokens: 10 },
      ];
      schedule.submit(short, 0);
      schedule.submit(long, 100);
      const times = schedule.advance(Infinity).filter(({ sequence }) => sequence === short);
      return Math.max(...times.map(({ at }, i) => at - (times[i - 1]?.at ?? at)));
    };
    assert.ok(gapWith(false) > 500 && gapWith(true) < 100, `${gapWith(false)} ${gapWith(true)}`);
  });

  it('answers a cached prompt sooner', () => {
    const shared = Array.from({ length: 250 }, (_, i) => i);
    const run = (prefixCaching: boolean) => {
      const schedule = new CardBatching<Sequence>(planCard({ deployment: deployed('a800'), prefixCaching }));
      const times = [0, 1, 2].map((i) => {
        const sequence = { promptTokens: 4010, tokens: 5, promptBlocks: shared };
        schedule.submit(sequence, 10_000 * i);
        return schedule.advance(10_000 * (i + 1) - 1)[0]!.at - 10_000 * i;
      });
      return times as [number, number, number];
    };
    const [first, second, third] = run(true);
    assert.ok(first > 10 * second && second === third);
    const without = run(false);
    assert.ok(without.every((time) => Math.abs(time - first) < 1e-6));
  });

  it('decodes faster where drafts are right, and slower where they are wrong', () => {
    const tpot = (acceptance: number | undefined) => {
      const speculation = acceptance === undefined ? undefined : { tokens: 3, acceptance };
      return serve({ deployment: deployed('a800'), speculation }, many(1, 100, 400)).figures[0]!.tpot;
    };
    assert.ok(tpot(0.9) < tpot(0.6) && tpot(0.6) < tpot(undefined) && tpot(undefined) < tpot(0));
    assert.ok(tpot(undefined) / tpot(0.8) > 1.8);
    // Nothing is drafted for a prompt.
    const ttft = (speculation?: CardOptions['speculation']) => {
      return serve({ deployment: deployed('a800'), speculation }, many(1, 100, 2)).figures[0]!.ttft;
    };
    assert.equal(ttft({ tokens: 3, acceptance: 0.5 }), ttft());
  });
});
