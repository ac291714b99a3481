import assert from 'node:assert/strict';
import { AsyncQueue } from '../../../engine/workers/async-queue.js';
import { settle } from '../../support/fake-clock.js';

const LONGEST = 10;

/** Reads a queue to its end. */
async function readAll<Item>(feed: AsyncQueue<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of feed) items.push(item);
  return items;
}

describe('a queue', () => {
  it('gives what was pushed before and after reading began, in order', async () => {
    const feed = new AsyncQueue<number>();
    feed.push(1);
    feed.push(2);
    const reading = readAll(feed);
    await settle();
    feed.push(3);
    await settle();
    feed.push(4);
    feed.push(5);
    feed.close();
    assert.deepEqual(await reading, [1, 2, 3, 4, 5]);
  });

  it('ends a reader that waits when it is closed', async () => {
    const feed = new AsyncQueue<number>();
    const reading = readAll(feed);
    await settle();
    feed.close();
    assert.deepEqual(await reading, []);
  });

  it('gives what waits even after it was closed', async () => {
    const feed = new AsyncQueue<number>();
    feed.push(1);
    feed.close();
    assert.deepEqual(await readAll(feed), [1]);
  });

  it('gives what waits, and then throws, when it was closed with an error', async () => {
    const feed = new AsyncQueue<number>();
    feed.push(1);
    feed.close(new Error('no more'));
    const reader = feed[Symbol.asyncIterator]();
    assert.deepEqual(await reader.next(), { value: 1, done: false });
    await assert.rejects(reader.next(), { message: 'no more' });
  });

  it('drops the oldest when the reader is slow', async () => {
    const feed = new AsyncQueue<number>(LONGEST);
    for (let i = 1; i <= LONGEST + 3; i += 1) feed.push(i);
    feed.close();
    const read = await readAll(feed);
    assert.equal(read.length, LONGEST);
    assert.deepEqual([read[0], read.at(-1)], [4, LONGEST + 3]);
  });

  it('gives up what waits to whoever takes all', async () => {
    const feed = new AsyncQueue<number>();
    feed.push(1);
    feed.push(2);
    assert.deepEqual(feed.takeAll(), [1, 2]);
    feed.push(3);
    feed.close();
    assert.deepEqual(await readAll(feed), [3]);
  });

  it('does not hold up whoever pushes', async () => {
    const feed = new AsyncQueue<number>();
    const reader = feed[Symbol.asyncIterator]();
    const first = reader.next();
    await settle();
    for (let i = 0; i < 5; i += 1) feed.push(i);
    assert.deepEqual(await first, { value: 0, done: false });
    assert.deepEqual(await reader.next(), { value: 1, done: false });
  });
});
