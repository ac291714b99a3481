import assert from 'node:assert/strict';
import { engine, of } from './batching-engine.js';

describe('batching on a card', () => {
  it('computes a prompt in its first step, and a token in each that follows', () => {
    const { schedule, advance, steps } = engine();
    schedule.submit(of('a', 100, 3), 5);
    assert.equal(schedule.nextEventAt(), 15);
    assert.deepEqual(advance(1000), ['15 a0', '25 a1', '35 a2.']);
    assert.equal(schedule.nextEventAt(), undefined);
    assert.deepEqual(steps, [
      { sequences: 1, tokens: 100, sampled: 1, contextTokens: 100, attended: 5050, prompts: 1, drafting: 0 },
      { sequences: 1, tokens: 1, sampled: 1, contextTokens: 101, attended: 101, prompts: 0, drafting: 0 },
      { sequences: 1, tokens: 1, sampled: 1, contextTokens: 102, attended: 102, prompts: 0, drafting: 0 },
    ]);
  });

  it('lets a sequence join at the end of the running step, and admits in order while there are places', () => {
    const { schedule, advance } = engine({ maxNumSeqs: 2 });
    schedule.submit(of('a', 10, 3), 0);
    schedule.submit(of('b', 10, 2), 3);
    schedule.submit(of('c', 10, 1), 4);
    schedule.submit(of('d', 10, 1), 5);
    assert.deepEqual(advance(1000), ['10 a0', '20 a1', '20 b0', '30 a2.', '30 b1.', '40 c0.', '40 d0.']);
  });

  it('computes a prompt beyond the budget in chunks, beside those that already run', () => {
    const { schedule, advance, steps } = engine({ maxNumBatchedTokens: 64 });
    schedule.submit(of('a', 20, 10), 0);
    schedule.submit(of('b', 150, 1), 1);
    assert.deepEqual(advance(40), ['10 a0', '20 a1', '30 a2', '40 a3', '40 b0.']);
    assert.deepEqual(
      steps.slice(1, 4).map(({ tokens, sampled, sequences }) => [tokens, sampled, sequences]),
      [
        [64, 1, 2],
        [64, 1, 2],
        [1 + 150 - 126, 2, 2],
      ],
    );
    // The second chunk attends to the first.
    assert.equal(steps[2]!.attended, 22 + 63 * (63 + 64 / 2));
  });

  it('keeps a prompt whole without chunked prefill: it waits until a step has room for all of it', () => {
    const computed = (chunkedPrefill: boolean) => {
      const { schedule, advance, steps } = engine({ chunkedPrefill, maxNumBatchedTokens: 100, maxModelLen: 100 });
      schedule.submit(of('x', 10, 1), 0);
      schedule.submit(of('a', 60, 1), 1);
      schedule.submit(of('b', 60, 1), 1);
      assert.deepEqual(advance(1000), ['10 x0.', '20 a0.', '30 b0.']);
      return steps.map(({ tokens }) => tokens);
    };
    assert.deepEqual(computed(false), [10, 60, 60]);
    assert.deepEqual(computed(true), [10, 100, 20]);
  });

  it('preempts the last admitted sequence when blocks run out, and recomputes it', () => {
    // Each takes 4 blocks in the end, and there are 6.
    const { schedule, advance, steps } = engine({ blocks: 6, prefixCaching: false });
    schedule.submit(of('a', 32, 20), 0);
    schedule.submit(of('b', 32, 20), 1);
    const events = advance(10_000);
    assert.equal(schedule.load.preemptions, 1);
    // b has been admitted a step later; with a's 16 tokens and its own 15, the fourth block of a is not to be had.
    const own = (name: string) => events.filter((event) => event.includes(` ${name}`));
    assert.deepEqual([own('a').length, own('b').length], [20, 20]);
    assert.deepEqual([own('a').at(-1), own('b').at(-1)], ['200 a19.', '240 b19.']);
    // What b had is computed again in one step: its prompt and its answer so far.
    const again = steps.find(({ tokens, sequences }) => sequences === 1 && tokens > 32);
    assert.equal(again?.tokens, 32 + 16);
    assert.equal(schedule.load.cacheUsage, 0);
  });

  it('finds blocks of prompts that were computed before, and computes the rest', () => {
    const { schedule, advance, steps } = engine();
    const blocks = [1, 2, 3, 4, 5];
    schedule.submit(of('a', 80, 1, blocks), 0);
    schedule.submit(of('b', 90, 1, [1, 2, 3, 44, 55]), 20);
    schedule.submit(of('c', 80, 1, blocks), 40);
    advance(1000);
    // Of c the last block is computed again: something has to be computed to go on from.
    assert.deepEqual(
      steps.map(({ tokens }) => tokens),
      [80, 90 - 48, 16],
    );
    const { prefixQueries, prefixHits, cacheUsage } = schedule.load;
    assert.deepEqual([prefixQueries, prefixHits, cacheUsage], [250, 48 + 64, 0]);

    // An answer whose blocks are known is found as part of the next prompt.
    const talk = engine();
    talk.schedule.submit(of('a', 40, 41, [1, 2, 3, 4, 5, 6]), 0);
    talk.schedule.submit(of('b', 100, 1, [1, 2, 3, 4, 5, 66]), 1000);
    talk.advance(5000);
    assert.deepEqual([talk.steps[0]?.tokens, talk.steps.at(-1)?.tokens], [40, 100 - 80]);

    const off = engine({ prefixCaching: false });
    off.schedule.submit(of('a', 80, 1, blocks), 0);
    off.schedule.submit(of('b', 80, 1, blocks), 20);
    off.advance(1000);
    assert.deepEqual(
      off.steps.map(({ tokens }) => tokens),
      [80, 80],
    );
    assert.equal(off.schedule.load.prefixQueries, 0);
  });

  it('gives several tokens a step where drafts are right, and as many as are asked for in all', () => {
    const { schedule, steps } = engine({ speculation: { tokens: 3, acceptance: 1 } });
    schedule.submit(of('a', 20, 10), 0);
    const events = schedule.advance(1000);
    assert.deepEqual(
      events.map(({ index, tokens, at, last }) => [index, tokens ?? 1, at, last]),
      [
        [0, 1, 10, false],
        [4, 4, 20, false],
        [8, 4, 30, false],
        [9, 1, 40, true],
      ],
    );
    assert.deepEqual(steps[1], {
      sequences: 1,
      tokens: 4,
      sampled: 4,
      contextTokens: 24,
      attended: 4 * 22.5,
      prompts: 0,
      drafting: 1,
    });
    const { generationTokens, drafted } = schedule.load;
    assert.deepEqual([generationTokens, drafted], [10, { drafts: 3, draftTokens: 9, acceptedTokens: 9 }]);
  });

  it('has a draft accepted as often as it is likely, where all before it were', () => {
    const { schedule } = engine({ speculation: { tokens: 2, acceptance: 0.6 } });
    schedule.submit(of('a', 20, 4000), 0);
    const events = schedule.advance(Infinity);
    const mean = events.reduce((sum, { tokens = 1 }) => sum + tokens, 0) / events.length;
    assert.ok(Math.abs(mean - (1 + 0.6 + 0.36)) < 0.06, `${mean}`);
    const none = engine({ speculation: { tokens: 2, acceptance: 0 } });
    none.schedule.submit(of('a', 20, 50), 0);
    assert.equal(none.schedule.advance(Infinity).length, 50);
  });

  it('frees blocks and places of a sequence that is cancelled, wherever it stands', () => {
    const { schedule, advance } = engine({ maxNumSeqs: 1, blocks: 8 });
    const [a, b, c] = [of('a', 50, 60), of('b', 50, 2), of('c', 50, 2)];
    for (const each of [a, b, c]) schedule.submit(each, 0);
    assert.deepEqual(advance(20), ['10 a0', '20 a1']);
    schedule.cancel(b);
    schedule.cancel(a);
    schedule.cancel(a);
    assert.deepEqual([schedule.load.running, schedule.load.waiting, schedule.load.cacheUsage], [0, 1, 0]);
    assert.deepEqual(advance(1000), ['40 c0', '50 c1.']);
  });

  it('refuses a sequence that could never end', () => {
    const { schedule } = engine({ blocks: 4 });
    assert.throws(() => schedule.submit(of('a', 60, 5), 0), /60 \+ 5 tokens is longer than the 64 that fit/);
    assert.throws(() => engine().schedule.submit(of('a', 4000, 97), 0), /longer than the 4096/);
  });
});
