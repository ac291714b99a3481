import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { systemClock } from '../../../engine/clock.js';
import { startCounter } from '../../../engine/tokens/counter.js';
import { type CountOrder, newResults, placeOf, RING, TokenCounting } from '../../../engine/tokens/counting.js';
import { FakeClock } from '../../support/fake-clock.js';
import { CORPUS, GOLDEN, tokenizerPath } from '../../support/tokenizers.js';

/** A counting whose orders are seen and answered by the test. */
function open(workers = 1) {
  const { port1, port2 } = new MessageChannel();
  const results = newResults();
  const counting = new TokenCounting({ port: port2, results }, workers);
  const orders: CountOrder[] = [];
  let onOrder: () => void = () => undefined;
  port1.on('message', (order: CountOrder) => {
    orders.push(order);
    onOrder();
  });
  const nextOrder = () => {
    return new Promise<void>((resolve) => {
      onOrder = resolve;
    });
  };
  let answers = 0;
  const tell = (...counts: readonly number[]) => {
    const counted = new Int32Array(results);
    for (const tokens of counts) {
      counted[placeOf(answers)] = tokens;
      answers += 1;
      Atomics.add(counted, 0, 1);
    }
  };
  return { counting, orders, nextOrder, tell, theirs: port1 };
}

describe('the counting of tokens beside a load', () => {
  it('counts in a thread of its own, for several workers, as the tokenizer does', async () => {
    const counter = startCounter(tokenizerPath('byte-level'), 2);
    await counter.ready;
    const found = await Promise.all(
      counter.channels.map(async (way) => {
        const counting = new TokenCounting(way, 2);
        const counts: (number | undefined)[] = [];
        for (const text of CORPUS) counting.count([text, text], (tokens) => counts.push(tokens));
        await counting.finish(systemClock, 10_000);
        return counts;
      }),
    );
    await counter.end();
    const expected = GOLDEN['byte-level']?.map(({ length }) => 2 * length);
    assert.deepEqual(found, [expected, expected]);
  });

  it('tells the workers when its process has died, and why it cannot be used', async () => {
    const counter = startCounter(tokenizerPath('byte-level'), 1);
    await counter.ready;
    const [way] = counter.channels;
    const counting = new TokenCounting(way!, 1);
    const left = new Promise((resolve) => counting.count(['a'], resolve));
    await counter.end();
    assert.equal(await left, undefined);
    await assert.rejects(startCounter('none', 1).ready, { message: 'there is no such tokenizer', where: 'none' });
  });

  it('sends a few answers at a time, and the rest when asked to', async () => {
    const { counting, orders, nextOrder, theirs } = open();
    const sent = nextOrder();
    for (let answer = 0; answer < 9; answer += 1) counting.count([`${answer}`], () => undefined);
    await sent;
    assert.deepEqual(orders, [['0', '1', '2', '3', '4', '5', '6', '7'].map((text) => [text])]);
    const rest = nextOrder();
    counting.flush();
    await rest;
    assert.deepEqual(orders[1], [['8']]);
    theirs.close();
  });

  it('does not count what comes when too much is waiting, until that has been counted', () => {
    const { counting, tell, theirs } = open(4);
    // All workers together may have a million characters waiting, of which each has its part.
    const long = ['x'.repeat(2 ** 18)];
    const done: (number | undefined)[] = [];
    const note = (tokens: number | undefined) => done.push(tokens);
    counting.count(long, note);
    counting.count(['y'], note);
    assert.deepEqual(done, [undefined]);
    tell(5);
    counting.count(['z'], note);
    assert.deepEqual(done, [undefined, 5]);
    theirs.close();
  });

  it('takes a few results at a time, and all when it is asked to, however many there have been', () => {
    const { counting, tell, theirs } = open();
    const done: (number | undefined)[] = [];
    const note = (tokens: number | undefined) => done.push(tokens);
    for (let lap = 0; lap < 3; lap += 1) {
      for (let answer = 0; answer < RING; answer += 1) counting.count(['a'], note);
      counting.count(['too many'], note);
      assert.equal(done.pop(), undefined);
      tell(...Array.from({ length: RING }, (_, answer) => answer + lap));
      counting.flush();
      assert.deepEqual(
        done.splice(0),
        Array.from({ length: RING }, (_, answer) => answer + lap),
      );
    }
    for (let answer = 0; answer < 20; answer += 1) counting.count(['b'], note);
    tell(...Array.from({ length: 20 }, () => 1));
    counting.count(['c'], note);
    assert.equal(done.length, 8);
    theirs.close();
  });

  it('leaves uncounted what is waiting when the thread is gone, and all that comes after', async () => {
    const { counting, theirs } = open();
    const done: (number | undefined)[] = [];
    const all = new Promise<void>((resolve) => {
      counting.count(['a'], (tokens) => done.push(tokens));
      counting.count(['b'], () => resolve());
    });
    theirs.close();
    await all;
    counting.count(['c'], (tokens) => done.push(tokens));
    assert.deepEqual(done, [undefined, undefined]);
  });

  it('does not wait for ever at the end', async () => {
    const { counting, theirs } = open();
    const clock = new FakeClock();
    let tokens: number | undefined = 0;
    counting.count(['a'], (counted) => {
      tokens = counted;
    });
    const finished = counting.finish(clock, 10_000);
    await clock.advance(10_000);
    await finished;
    assert.equal(tokens, undefined);
    theirs.close();
  });
});
