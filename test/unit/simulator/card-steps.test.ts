import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CardBatching } from '../../../engine/simulator/scheduler/card-batching.js';
import type { CardBatchingOptions } from '../../../engine/simulator/scheduler/card-limits.js';
import type { Sequence, StepEvent, TokenEvent } from '../../../engine/simulator/scheduler/schedule.js';

const SMALL: CardBatchingOptions = {
  ...{ blocks: 20, blockSize: 4, maxModelLen: 70, maxNumSeqs: 8, maxNumBatchedTokens: 24 },
  ...{ chunkedPrefill: true, prefixCaching: true, speculation: undefined, seed: 1 },
  stepCost: ({ tokens, contextTokens }) => 1 + tokens / 7 + contextTokens / 100,
};

const load = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 40 }),
    promptTokens: fc.integer({ min: 1, max: 30 }),
    tokens: fc.integer({ min: 1, max: 30 }),
    leavesAt: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 4 }),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Plays a load to its end; `advance` follows tokens or steps. */
function play(requests: readonly (Sequence & { readonly at: number; readonly leavesAt: number | null })[]) {
  const schedule = new CardBatching<Sequence>(SMALL);
  const happenings = requests
    .flatMap((each) => [
      { at: each.at, happen: () => schedule.submit(each, each.at) },
      ...(each.leavesAt === null ? [] : [{ at: each.leavesAt + each.at, happen: () => schedule.cancel(each) }]),
    ])
    .sort((a, b) => a.at - b.at);
  return <Event>(advance: (schedule: CardBatching<Sequence>, now: number) => readonly Event[]) => {
    const events: Event[] = [];
    for (const { at, happen } of happenings) {
      events.push(...advance(schedule, at));
      happen();
    }
    events.push(...advance(schedule, 1e9));
    return { events, load: schedule.load };
  };
}

/** Steps that must follow from the tokens. */
function stepsOf(tokens: readonly TokenEvent<Sequence>[], steps: readonly StepEvent<Sequence>[]) {
  const latest = new Map<Sequence, number>();
  return steps.map(({ at }, step) => {
    const own = tokens.filter((token) => token.at === at);
    const resumed = own.flatMap(({ sequence }) => {
      const after = latest.get(sequence);
      return after === undefined || after === step - 1 ? [] : [{ sequence, after }];
    });
    for (const { sequence } of own) latest.set(sequence, step);
    const of = (which: (token: TokenEvent<Sequence>) => boolean) => own.filter(which).map(({ sequence }) => sequence);
    return { at, tokens: own.length, first: of(({ index }) => index === 0), last: of(({ last }) => last), resumed };
  });
}

describe('steps of a card', () => {
  it('agree with its tokens, with preemption and cancellation', () => {
    let preemptions = 0;
    let resumptions = 0;
    fc.assert(
      fc.property(load, (requests) => {
        const token = play(requests)((schedule, now) => schedule.advance(now));
        const step = play(requests)((schedule, now) => schedule.advanceSteps(now));
        assert.deepEqual(step.events, stepsOf(token.events, step.events));
        assert.deepEqual(step.load, token.load);
        assert.equal(step.load.cacheUsage, 0, 'a block was not given back');
        preemptions += step.load.preemptions;
        resumptions += step.events.reduce((sum, { resumed }) => sum + resumed.length, 0);
      }),
      { seed: 1, numRuns: 300 },
    );
    assert.ok(preemptions > 100 && resumptions > 100, `too rare: ${preemptions} and ${resumptions}`);
  });
});
