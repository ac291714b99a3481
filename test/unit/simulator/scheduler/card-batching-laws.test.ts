import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CardBatching } from '../../../../engine/simulator/scheduler/card-batching.js';
import type { CardStep } from '../../../../engine/simulator/scheduler/card-limits.js';
import { engine, type Named, of, ROOMY } from './batching-engine.js';

describe('any load on a card', () => {
  const load = fc.record({
    options: fc.record({
      blocks: fc.integer({ min: 8, max: 30 }),
      maxNumSeqs: fc.integer({ min: 1, max: 6 }),
      maxNumBatchedTokens: fc.integer({ min: 6, max: 200 }),
      chunkedPrefill: fc.boolean(),
      prefixCaching: fc.boolean(),
      speculation: fc.option(
        fc.record({ tokens: fc.integer({ min: 1, max: 4 }), acceptance: fc.double({ min: 0, max: 1, noNaN: true }) }),
        {
          nil: undefined,
        },
      ),
      seed: fc.nat(),
    }),
    arrivals: fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 60 }),
        promptTokens: fc.integer({ min: 1, max: 70 }),
        tokens: fc.integer({ min: 1, max: 40 }),
        prompt: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 25 },
    ),
    cancels: fc.array(fc.nat({ max: 24 }), { maxLength: 5 }),
  });

  it('gives every sequence each token once and in order, never has more blocks than there are, and frees all', () => {
    fc.assert(
      fc.property(load, ({ options, arrivals, cancels }) => {
        const blockSize = 16;
        const maxModelLen = 112;
        const budget = options.chunkedPrefill
          ? options.maxNumBatchedTokens
          : Math.max(maxModelLen, options.maxNumBatchedTokens);
        let steps = 0;
        const schedule = new CardBatching<Named>({
          ...{ ...options, blockSize, maxModelLen, maxNumBatchedTokens: budget },
          stepCost(step) {
            steps += 1;
            assert.ok(steps < 100_000, 'it does not get on');
            assert.ok(step.tokens <= budget && step.sequences <= options.maxNumSeqs && step.sequences > 0);
            assert.ok(schedule.load.cacheUsage <= 1 && schedule.load.cacheUsage >= 0);
            return 1 + step.tokens / 10;
          },
        });
        let at = 0;
        const submitted = arrivals.map(({ gap, promptTokens, tokens, prompt }, i) => {
          const blocks = Array.from({ length: Math.floor(promptTokens / blockSize) }, (_, k) => 100 * prompt + k);
          at += gap;
          return { at, sequence: of(`s${i}`, promptTokens, tokens, blocks) };
        });
        const events = submitted.flatMap((each) => {
          const before = schedule.advance(each.at);
          schedule.submit(each.sequence, each.at);
          return before;
        });
        const cancelled = new Set(cancels.flatMap((i) => submitted[i]?.sequence ?? []));
        for (const sequence of cancelled) schedule.cancel(sequence);
        events.push(...schedule.advance(Infinity));
        assert.ok(events.every((event, i) => i === 0 || event.at >= events[i - 1]!.at));
        for (const { sequence } of submitted) {
          let next = 0;
          for (const { index, tokens = 1, last } of events.filter((event) => event.sequence === sequence)) {
            next += tokens;
            assert.equal(index, next - 1);
            assert.equal(last, next === sequence.tokens);
          }
          if (!cancelled.has(sequence)) assert.equal(next, sequence.tokens);
        }
        const { running, waiting, cacheUsage } = schedule.load;
        assert.deepEqual([running, waiting, cacheUsage, schedule.nextEventAt()], [0, 0, 0, undefined]);
      }),
    );
  });

  it('has every token computed once, and each attend to all before it, however sequences meet', () => {
    fc.assert(
      fc.property(load, ({ options: { maxNumSeqs }, arrivals }) => {
        // Room for all, and prompts in one piece: nothing is computed twice, and nothing in parts.
        const { schedule, steps } = engine({ maxNumSeqs, prefixCaching: false });
        let at = 0;
        for (const { gap, promptTokens, tokens } of arrivals) {
          at += gap;
          schedule.advance(at);
          schedule.submit(of('', promptTokens, tokens), at);
        }
        schedule.advance(Infinity);
        const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
        const decoded = arrivals.map(({ promptTokens, tokens }) => {
          return sum(Array.from({ length: tokens - 1 }, (_, i) => promptTokens + i + 1));
        });
        assert.equal(
          sum(steps.map((step) => step.tokens)),
          sum(arrivals.map(({ promptTokens, tokens }) => promptTokens + tokens - 1)),
        );
        assert.equal(sum(steps.map((step) => step.sampled)), sum(arrivals.map(({ tokens }) => tokens)));
        assert.equal(
          sum(steps.map((step) => step.contextTokens)),
          sum(arrivals.map(({ promptTokens }) => promptTokens)) + sum(decoded),
        );
        assert.equal(
          sum(steps.map((step) => step.attended)),
          sum(arrivals.map(({ promptTokens: n }) => (n * (n + 1)) / 2)) + sum(decoded),
        );
      }),
    );
  });

  it('does not depend on how often it is polled', () => {
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 97 }), ({ options, arrivals }, tick) => {
        const all = { ...ROOMY, ...options, stepCost: ({ tokens }: CardStep) => 3 + tokens * Math.SQRT1_2 };
        const [ahead, live] = [new CardBatching<Named>(all), new CardBatching<Named>(all)];
        let at = 0;
        const events = arrivals.flatMap(({ gap, promptTokens, tokens }, i) => {
          // Never at the very instant at which a step ends.
          const earlier = at;
          at += (gap + 1) * Math.E;
          const sequence = of(`s${i}`, promptTokens, tokens);
          if (promptTokens + tokens + 4 > 16 * options.blocks) return [];
          const looks: number[] = [];
          for (let look = Math.ceil(earlier / tick) * tick; look < at; look += tick) looks.push(look);
          const seen = looks.flatMap((look) => live.advance(look));
          ahead.submit(sequence, at);
          live.submit(sequence, at);
          return seen;
        });
        assert.deepEqual([...events, ...live.advance(Infinity)], ahead.advance(Infinity));
      }),
    );
  });
});
