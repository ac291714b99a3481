import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FrontEndCosts } from '../../../../engine/simulator/front-end/front-end-costs.js';
import { FrontedSchedule } from '../../../../engine/simulator/front-end/fronted-schedule.js';
import { CardBatching } from '../../../../engine/simulator/scheduler/card-batching.js';
import type { CardBatchingOptions } from '../../../../engine/simulator/scheduler/card-limits.js';
import type { Sequence, StepEvent, TokenEvent } from '../../../../engine/simulator/scheduler/schedule.js';

const ENGINE: CardBatchingOptions = {
  ...{ blocks: 100_000, blockSize: 16, maxModelLen: 4096, maxNumSeqs: 1024, maxNumBatchedTokens: 8192 },
  ...{ chunkedPrefill: true, prefixCaching: false, speculation: undefined, seed: 1 },
  stepCost: () => 5,
};

const FREE: FrontEndCosts = {
  ...{
    processes: 1,
    requestMs: 0,
    requestTurns: 2,
    poolMs: 0,
    switchMs: 5,
    requestWaitMs: 0,
    promptTokenMs: 0,
    messageMs: 0,
    tokenMs: 0,
    eventMs: 0,
  },
  ...{ chunkTokens: 128, streamInterval: 1 },
};

/** Process of Python without a thread that tokenizes. */
const PYTHON: FrontEndCosts = { ...FREE, requestMs: 2, tokenMs: 0.03, eventMs: 0.055 };

type Schedule = FrontedSchedule<Sequence>;

function many(count: number, tokens: number): Sequence[] {
  return Array.from({ length: count }, () => ({ promptTokens: 32, tokens }));
}

/** Serves sequences that arrive together, to their end. */
function serve(costs: FrontEndCosts, sequences: readonly Sequence[]) {
  const schedule: Schedule = new FrontedSchedule(new CardBatching<Sequence>(ENGINE), costs);
  for (const sequence of sequences) schedule.submit(sequence, 0);
  const events = schedule.advance(1e9);
  const endedAt = events.at(-1)?.at ?? 0;
  const tokens = sequences.reduce((sum, each) => sum + each.tokens, 0);
  return { schedule, events, endedAt, perSecond: (1000 * tokens) / endedAt };
}

/** Events that reach clients: one for each sequence and instant. */
function sent(events: readonly TokenEvent<Sequence>[]): number {
  const seen = new Map<Sequence, Set<number>>();
  for (const { sequence, at } of events) seen.set(sequence, (seen.get(sequence) ?? new Set()).add(at));
  return [...seen.values()].reduce((sum, instants) => sum + instants.size, 0);
}

describe('the front-end of a simulated card', () => {
  it('changes nothing where it takes no time', () => {
    const sequences = many(40, 30);
    const bare = new CardBatching<Sequence>(ENGINE);
    for (const sequence of sequences) bare.submit(sequence, 0);
    const expected = bare.advance(1e9);
    assert.deepEqual(serve(FREE, sequences).events, expected);
  });

  it('adds its time for the request and the tokens to those of one user', () => {
    const { events } = serve({ ...PYTHON, promptTokenMs: 0.01, messageMs: 0.1 }, many(1, 3));
    const times = events.map(({ at }) => Number(at.toFixed(3)));
    const first = 2 + 32 * 0.01 + 5 + 0.1 + 0.03 + 0.055;
    assert.deepEqual(
      times,
      [first, first + 5, first + 10].map((at) => Number(at.toFixed(3))),
    );
  });

  it('sends no more tokens a second than a process can, one event each, beyond a chunk of them', () => {
    const { perSecond, events } = serve(PYTHON, many(400, 200));
    assert.ok(perSecond > 0.85 * (1000 / 0.085) && perSecond < 1000 / 0.085, `${perSecond}`);
    assert.ok(sent(events) > 0.9 * 400 * 200, `${sent(events)}`);
  });

  it('joins tokens that wait for one another below a chunk, and so sends more', () => {
    const { perSecond, events } = serve(PYTHON, many(120, 400));
    assert.ok(perSecond > 1.2 * (1000 / 0.085), `${perSecond}`);
    assert.ok(sent(events) < 0.9 * 120 * 400, `${sent(events)}`);
  });

  it('is nearly twice as fast with two processes, and faster with fewer events', () => {
    const one = serve(PYTHON, many(512, 128)).perSecond;
    const two = serve({ ...PYTHON, processes: 2 }, many(512, 128)).perSecond;
    const seldom = serve({ ...PYTHON, streamInterval: 4 }, many(512, 128)).perSecond;
    assert.ok(two > 1.7 * one && two < 3 * one, `${one} ${two}`);
    assert.ok(seldom > 1.5 * one && seldom < 2.5 * one, `${one} ${seldom}`);
  });

  it('reports the engine as it was, so that more are in flight than run, and none wait', () => {
    const schedule: Schedule = new FrontedSchedule(new CardBatching<Sequence>(ENGINE), PYTHON);
    for (const sequence of many(512, 256)) schedule.submit(sequence, 0);
    const done = new Set<Sequence>();
    for (let at = 0; at < 2000; at += 10)
      for (const event of schedule.advance(at)) if (event.last) done.add(event.sequence);
    const { running, waiting } = schedule.load;
    assert.ok(512 - done.size > running && running > 0, `${512 - done.size} in flight, ${running} running`);
    assert.equal(waiting, 0);
  });

  it('lets requests in more slowly while its loop is busy, for one thread tokenizes all', () => {
    const thread: FrontEndCosts = { ...PYTHON, requestMs: 0.5, poolMs: 1 };
    const alone = serve(thread, many(1, 1)).endedAt;
    assert.ok(Math.abs(alone - (0.5 + 1 + 5 + 0.085)) < 1e-9, `${alone}`);
    const idle = serve(thread, many(200, 1)).endedAt;
    const schedule: Schedule = new FrontedSchedule(new CardBatching<Sequence>(ENGINE), thread);
    for (const sequence of many(200, 1000)) schedule.submit(sequence, 0);
    const firsts = schedule.advance(1e9).filter(({ index }) => index === 0);
    const last = Math.max(...firsts.map(({ at }) => at));
    // Two waits of 5 ms for each of the requests that come while the loop sends tokens.
    assert.ok(last > 3 * idle && last < 200 * (1 + 10) + 2000, `${idle} ${last}`);
  });

  it('holds tokens back until there are enough, except the first and the last', () => {
    const { events } = serve({ ...FREE, streamInterval: 4 }, many(1, 10));
    assert.deepEqual(
      events.map(({ index }) => index + 1),
      [1, 5, 9, 10],
    );
  });

  it('delivers every token once and in order, by tokens and by steps alike, whoever leaves', () => {
    const request = fc.record({
      at: fc.integer({ min: 0, max: 40 }),
      promptTokens: fc.integer({ min: 1, max: 30 }),
      tokens: fc.integer({ min: 1, max: 30 }),
      leavesAt: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 4 }),
    });
    const costs = fc.record({
      processes: fc.integer({ min: 1, max: 3 }),
      tokenMs: fc.constantFrom(0, 0.2, 2),
      chunkTokens: fc.constantFrom(2, 128),
    });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 20 }), costs, (requests, some) => {
        const schedule: Schedule = new FrontedSchedule(new CardBatching<Sequence>(ENGINE), { ...PYTHON, ...some });
        const got = new Map<Sequence, number>();
        const leaving = new Set<Sequence>();
        let now = 0;
        const take = (until: number) => {
          for (const { sequence, index, at, last } of schedule.advance(until)) {
            assert.ok(at >= now && at <= until && !leaving.has(sequence));
            assert.equal(index, got.get(sequence) ?? 0);
            assert.equal(last, index + 1 === sequence.tokens);
            got.set(sequence, index + 1);
            now = at;
          }
        };
        const happenings = requests.flatMap((each) => [
          { at: each.at, happen: () => schedule.submit(each, each.at) },
          ...(each.leavesAt === null
            ? []
            : [
                {
                  at: each.at + each.leavesAt,
                  happen: () => {
                    leaving.add(each);
                    schedule.cancel(each);
                  },
                },
              ]),
        ]);
        for (const { at, happen } of happenings.toSorted((a, b) => a.at - b.at)) {
          take(at);
          happen();
        }
        take(1e9);
        for (const each of requests) if (!leaving.has(each)) assert.equal(got.get(each), each.tokens);
        assert.equal(schedule.nextEventAt(), undefined);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('tells the same by steps as by tokens', () => {
    const sequences = many(300, 40);
    const schedule: Schedule = new FrontedSchedule(new CardBatching<Sequence>(ENGINE), PYTHON);
    for (const sequence of sequences) schedule.submit(sequence, 0);
    const steps: readonly StepEvent<Sequence>[] = schedule.advanceSteps(1e9);
    const { events } = serve(PYTHON, sequences);
    const firstOf = new Map(events.filter(({ index }) => index === 0).map(({ sequence, at }) => [sequence, at]));
    for (const { first, at } of steps) for (const each of first) assert.equal(firstOf.get(each), at);
    assert.equal(
      steps.reduce((sum, { tokens }) => sum + tokens, 0),
      300 * 40,
    );
    assert.equal(steps.at(-1)?.at, events.at(-1)?.at);
  });
});
