import assert from 'node:assert/strict';
import { LazyTimer } from '../../../../engine/client/transport/lazy-timer.js';
import { FakeClock } from '../../../support/fake-clock.js';

/** Timer on a fake clock, and the instants at which it fired. */
function timerAt(now: number) {
  const clock = new FakeClock(now);
  const fired: number[] = [];
  const target = { onTime: () => void fired.push(clock.now()) };
  return { clock, timer: new LazyTimer(clock), fired, target };
}

describe('a timer that seldom fires', () => {
  it('fires once, at the instant it was last set to', async () => {
    const { clock, timer, fired, target } = timerAt(0);
    timer.set(100, target);
    timer.set(150, target);
    await clock.advance(120);
    timer.set(130, target);
    await clock.advance(500);
    assert.deepEqual(fired, [130]);
    assert.equal(clock.pending, 0);
  });

  it('does not touch the clock when it is set later, or again after it was stopped', async () => {
    const { clock, timer, fired, target } = timerAt(0);
    let set = 0;
    const after = clock.after.bind(clock);
    clock.after = (ms, wake) => {
      set += 1;
      return after(ms, wake);
    };
    for (let request = 0; request < 50; request += 1) {
      timer.set(clock.now() + 1000, target);
      await clock.advance(10);
      timer.stop();
    }
    assert.deepEqual([set, clock.pending, fired.length], [1, 1, 0]);
    await clock.advance(10_000);
    assert.deepEqual([set, clock.pending, fired.length], [1, 0, 0]);
  });

  it('leaves nothing behind when it is closed, and may be set again', async () => {
    const { clock, timer, fired, target } = timerAt(50);
    timer.set(60, target);
    timer.close();
    assert.equal(clock.pending, 0);
    timer.set(70, target);
    await clock.advance(100);
    assert.deepEqual(fired, [70]);
  });
});
