import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ContinuousBatching } from '../../../../engine/simulator/scheduler/continuous-batching.js';
import type { Sequence } from '../../../../engine/simulator/scheduler/schedule.js';
import { type Batch, linearCost, type StepCost } from '../../../../engine/simulator/scheduler/step-cost.js';

interface Named extends Sequence {
  readonly name: string;
}

const of = (name: string, tokens: number, promptTokens = 10): Named => ({ name, tokens, promptTokens });
const TEN: StepCost = () => 10;

function engine(maxNumSeqs: number, stepCost: StepCost) {
  const schedule = new ContinuousBatching<Named>({ maxNumSeqs, stepCost });
  const advance = (now: number) =>
    schedule.advance(now).map(({ sequence, index, at, last }) => `${at} ${sequence.name}${index}${last ? '.' : ''}`);
  return {
    advance,
    submit: (sequence: Named, at: number) => schedule.submit(sequence, at),
    cancel: (sequence: Named) => schedule.cancel(sequence),
    nextEventAt: () => schedule.nextEventAt(),
  };
}

describe('continuous batching', () => {
  it('is idle until a sequence arrives and after the last one has ended', () => {
    const { submit, advance, nextEventAt } = engine(4, TEN);
    assert.equal(nextEventAt(), undefined);
    submit(of('a', 2), 100);
    assert.equal(nextEventAt(), 110);
    assert.deepEqual(advance(109.9), []);
    assert.deepEqual(advance(110), ['110 a0']);
    assert.deepEqual(advance(120), ['120 a1.']);
    assert.equal(nextEventAt(), undefined);
  });

  it('lets a sequence join at the end of the running step', () => {
    const { submit, advance } = engine(4, TEN);
    submit(of('a', 4), 0);
    submit(of('b', 2), 3);
    assert.deepEqual(advance(100), ['10 a0', '20 a1', '20 b0', '30 a2', '30 b1.', '40 a3.']);
  });

  it('lets a sequence that was submitted late wait for the step that begins after its arrival', () => {
    const { submit, advance } = engine(4, TEN);
    submit(of('a', 3), 0);
    submit(of('b', 1), 13);
    assert.deepEqual(advance(100), ['10 a0', '20 a1', '30 a2.', '30 b0.']);
  });

  it('restarts at the next arrival when arrivals are submitted early', () => {
    const { submit, advance } = engine(4, TEN);
    submit(of('a', 1), 0);
    submit(of('b', 1), 55);
    assert.deepEqual(advance(100), ['10 a0.', '65 b0.']);
  });

  it('keeps the rest waiting, first come first served, while max-num-seqs run', () => {
    const { submit, advance } = engine(2, TEN);
    for (const name of ['a', 'b', 'c', 'd']) submit(of(name, 2), 0);
    assert.deepEqual(advance(100), [
      ...['10 a0', '20 a1.', '20 b0', '30 b1.', '30 c0'],
      ...['40 c1.', '40 d0', '50 d1.'],
    ]);
  });

  it('frees the slot of a cancelled sequence', () => {
    const { submit, cancel, advance } = engine(1, TEN);
    const first = of('a', 1000);
    submit(first, 0);
    submit(of('b', 1), 0);
    assert.deepEqual(advance(20), ['10 a0', '20 a1']);
    cancel(first);
    assert.deepEqual(advance(100), ['40 b0.']);
  });

  it('forgets a sequence that is cancelled while it waits', () => {
    const { submit, cancel, advance, nextEventAt } = engine(1, TEN);
    const [a, b] = [of('a', 1), of('b', 1)];
    submit(a, 0);
    submit(b, 0);
    cancel(b);
    cancel(b);
    assert.deepEqual(advance(100), ['10 a0.']);
    assert.equal(nextEventAt(), undefined);
  });

  it('asks for the cost of exactly the batch that runs', () => {
    const batches: Batch[] = [];
    const { submit, advance } = engine(2, (batch) => {
      batches.push(batch);
      return 10;
    });
    submit(of('a', 3, 100), 0);
    submit(of('b', 2, 7), 1);
    submit(of('c', 1, 5), 2);
    advance(100);
    const told = batches.map((b) => [b.decoding, b.prefilling, b.prefillTokens, b.contextTokens]);
    assert.deepEqual(told, [
      [0, 1, 100, 0],
      [1, 1, 7, 101],
      [2, 0, 0, 110],
      [0, 1, 5, 0],
    ]);
  });

  it('takes longer for a larger batch and for a longer prompt', () => {
    const cost = linearCost({ baseMs: 10, perSequenceMs: 0.5, prefillMs: 5, perPromptTokenMs: 0.1 });
    const table: readonly [number, number, number, number][] = [
      [0, 1, 100, 10 + 0.5 + 5 + 10],
      [1, 0, 0, 10.5],
      [8, 0, 0, 14],
      [7, 1, 20, 10 + 4 + 5 + 2],
      [256, 0, 0, 138],
    ];
    for (const [decoding, prefilling, prefillTokens, expected] of table) {
      assert.equal(cost({ decoding, prefilling, prefillTokens, contextTokens: 0 }), expected);
    }
  });

  const load = fc.record({
    maxNumSeqs: fc.integer({ min: 1, max: 5 }),
    arrivals: fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 60 }),
        promptTokens: fc.integer({ min: 1, max: 500 }),
        tokens: fc.integer({ min: 1, max: 12 }),
      }),
      { maxLength: 20 },
    ),
  });
  const cost = linearCost({ baseMs: 10, perSequenceMs: 0.3, prefillMs: 4, perPromptTokenMs: 0.01 });

  function arrivalsOf(gaps: readonly { gap: number; promptTokens: number; tokens: number }[]) {
    let at = 0;
    return gaps.map(({ gap, promptTokens, tokens }, i) => {
      // Never at the very instant at which a step ends.
      at += gap * Math.SQRT1_2;
      return { sequence: { name: `s${i}`, promptTokens, tokens }, at };
    });
  }

  it('gives every sequence its tokens, in order, at ascending times', () => {
    fc.assert(
      fc.property(load, ({ maxNumSeqs, arrivals }) => {
        const submitted = arrivalsOf(arrivals);
        const schedule = new ContinuousBatching<Named>({
          maxNumSeqs,
          stepCost(batch) {
            assert.ok(batch.decoding + batch.prefilling <= maxNumSeqs && batch.contextTokens >= 0);
            return cost(batch);
          },
        });
        for (const { sequence, at } of submitted) schedule.submit(sequence, at);
        const events = schedule.advance(Infinity);
        assert.ok(events.every((event, i) => i === 0 || event.at >= events[i - 1]!.at));
        const starts = submitted.map(({ sequence, at }) => {
          const own = events.filter((event) => event.sequence === sequence);
          assert.deepEqual(
            own.map((event) => event.index),
            Array.from({ length: sequence.tokens }, (_, i) => i),
          );
          assert.deepEqual(
            own.map((event) => event.last),
            own.map((_, i) => i === own.length - 1),
          );
          assert.ok(own[0]!.at >= at + 14.3);
          return own[0]!.at;
        });
        assert.ok(starts.every((at, i) => i === 0 || at >= starts[i - 1]!));
      }),
    );
  });

  it('does not depend on how often it is polled', () => {
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 97 }), ({ maxNumSeqs, arrivals }, tick) => {
        const submitted = arrivalsOf(arrivals);
        const ahead = new ContinuousBatching<Named>({ maxNumSeqs, stepCost: cost });
        for (const { sequence, at } of submitted) ahead.submit(sequence, at);

        const live = new ContinuousBatching<Named>({ maxNumSeqs, stepCost: cost });
        const events = submitted.flatMap(({ sequence, at }, i) => {
          const before = Math.floor(at / tick) * tick;
          const seen = i > 0 && before < submitted[i - 1]!.at ? [] : live.advance(before);
          live.submit(sequence, at);
          return seen;
        });
        assert.deepEqual([...events, ...live.advance(Infinity)], ahead.advance(Infinity));
      }),
    );
  });

  it('keeps all other tokens when sequences are cancelled', () => {
    fc.assert(
      fc.property(load, fc.array(fc.nat({ max: 19 }), { maxLength: 8 }), ({ maxNumSeqs, arrivals }, cancels) => {
        const submitted = arrivalsOf(arrivals);
        const schedule = new ContinuousBatching<Named>({ maxNumSeqs, stepCost: cost });
        for (const { sequence, at } of submitted) schedule.submit(sequence, at);
        const events = [...schedule.advance(40)];
        const cancelled = new Set(cancels.flatMap((i) => submitted[i]?.sequence ?? []));
        for (const sequence of cancelled) schedule.cancel(sequence);
        const rest = schedule.advance(Infinity);
        assert.ok(rest.every((event) => !cancelled.has(event.sequence as Named)));
        events.push(...rest);
        for (const { sequence } of submitted) {
          const count = events.filter((event) => event.sequence === sequence).length;
          assert.ok(cancelled.has(sequence) ? count <= sequence.tokens : count === sequence.tokens);
        }
        assert.equal(schedule.nextEventAt(), undefined);
      }),
    );
  });
});
