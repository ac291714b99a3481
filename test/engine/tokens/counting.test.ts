import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { startCounter } from '../../../engine/tokens/counter.js';
import { Counting, type CountOrder } from '../../../engine/tokens/counting.js';
import { FakeClock } from '../../support/fake-clock.js';
import { CORPUS, GOLDEN, tokenizerPath } from '../../support/tokenizers.js';

/** A counting whose orders are seen and answered by the test. */
function open(workers = 1) {
  const { port1, port2 } = new MessageChannel();
  const counting = new Counting(port2, workers);
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
  return { counting, orders, nextOrder, theirs: port1 };
}

describe('the counting of tokens beside a load', () => {
  it('counts in a thread of its own, for several workers, as the tokenizer does', async () => {
    const counter = startCounter(tokenizerPath('byte-level'), 2);
    await counter.ready;
    const found = await Promise.all(
      counter.ports.map(async (port) => {
        const counting = new Counting(port, 2);
        const counts: (number | undefined)[] = [];
        for (const text of CORPUS) counting.count([text, text], (tokens) => counts.push(tokens));
        await counting.finish(new FakeClock());
        return counts;
      }),
    );
    await counter.end();
    const expected = GOLDEN['byte-level']?.map(({ length }) => 2 * length);
    assert.deepEqual(found, [expected, expected]);
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

  it('does not count what comes when too much is waiting, until that has been counted', async () => {
    const { counting, theirs } = open(4);
    // All workers together may have a million characters waiting, of which each has its part.
    const long = ['x'.repeat(2 ** 18)];
    const done: (number | undefined)[] = [];
    const counted = new Promise((resolve) => counting.count(long, resolve));
    counting.count(['y'], (tokens) => done.push(tokens));
    assert.equal(done.length, 1);
    theirs.postMessage([5]);
    assert.equal(await counted, 5);
    counting.count(['z'], (tokens) => done.push(tokens));
    assert.deepEqual(done, [undefined]);
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
    const finished = counting.finish(clock);
    await clock.advance(10_000);
    await finished;
    assert.equal(tokens, undefined);
    theirs.close();
  });
});
