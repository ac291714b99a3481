import assert from 'node:assert/strict';
import { AfterReads } from '../../../engine/client/after-reads.js';
import { FakeClock, settle } from '../../support/fake-clock.js';

describe('work that waits until sockets have been read', () => {
  it('is done in later turns, in order, a few in each', async () => {
    const done: string[] = [];
    const queue = new AfterReads(new FakeClock());
    const turn = () => {
      done.push('turn');
      if (!done.includes('g')) setImmediate(turn);
    };
    for (const name of 'abcdef') queue.add(() => done.push(name));
    queue.add(() => queue.add(() => done.push('g')));
    done.push('read');
    setImmediate(turn);
    await settle();
    await settle();
    assert.deepEqual(done.slice(0, 2), ['read', 'a']);
    assert.deepEqual(
      done.filter((each) => each.length === 1),
      [...'abcdefg'],
    );
    // No more than four between two turns of the loop.
    assert.match(done.join(' '), /a b c d turn e f/);
  });
});
