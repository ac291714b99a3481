import assert from 'node:assert/strict';
import { ClosedLoop } from '../../../engine/executors/closed.js';
import { FakeClock } from '../../support/fake-clock.js';
import { ALONE, FakeVuPool } from './fake-vu-pool.js';
import { type Legs, ramping } from './ramping.js';

const FOR_EVER = 1e9;

describe('a user that is ramped down', () => {
  /** Ramp of two users, one of which leaves after a second. It returns after four seconds if `comesBack`. */
  function oneLeaves(iteration: number, gracefulRampDown: number, comesBack = false) {
    const legs: Legs = [
      [1000, 2],
      [0, 1],
      [3000, 1],
      [0, comesBack ? 2 : 1],
      [6000, comesBack ? 2 : 1],
    ];
    const clock = new FakeClock();
    const pool = new FakeVuPool(clock, (vu) => (vu === 1 ? iteration : 100));
    const run = new ClosedLoop(ramping(2, legs, { gracefulRampDown }), ALONE, clock, 0, pool);
    const second = () => pool.worked.filter(({ vu }) => vu === 1);
    return { clock, run, second };
  }

  it('finishes its iteration within the grace, and starts no other', async () => {
    const { clock, run, second } = oneLeaves(2500, 2000);
    await clock.advance(2000);
    assert.equal(run.active, 2);
    await clock.advance(600);
    assert.equal(run.active, 1);
    await clock.advance(5000);
    assert.deepEqual(second(), [{ vu: 1, iteration: 1, dueAt: 0, from: 0, to: 2500, interrupted: false }]);
  });

  it('is interrupted when the grace is over', async () => {
    const { clock, run, second } = oneLeaves(9000, 2000);
    await clock.advance(2999);
    assert.equal(run.active, 2);
    await clock.advance(1);
    assert.deepEqual(second(), [{ vu: 1, iteration: 1, dueAt: 0, from: 0, to: 3000, interrupted: true }]);
    assert.equal(run.active, 1);
  });

  it('continues its iteration when ramped up again within the grace period', async () => {
    const { clock, second } = oneLeaves(7000, 4000, true);
    await clock.advance(9000);
    assert.deepEqual(
      second().map(({ from, to, interrupted }) => [from, to, interrupted]),
      [
        [0, 7000, false],
        [7000, undefined, false],
      ],
    );
  });

  it('starts anew when it is ramped up again after it has gone', async () => {
    const { clock, second } = oneLeaves(2500, 2000, true);
    await clock.advance(6000);
    assert.deepEqual(
      second().map(({ from, to }) => [from, to]),
      [
        [0, 2500],
        [4000, undefined],
      ],
    );
  });

  it('is not interrupted by a grace period it did not need', async () => {
    const { clock, second } = oneLeaves(2500, 3500, true);
    await clock.advance(7000);
    assert.deepEqual(
      second().map(({ from, to, interrupted }) => [from, to, interrupted]),
      [
        [0, 2500, false],
        [4000, 6500, false],
        [6500, undefined, false],
      ],
    );
  });

  it('has a new grace each time', async () => {
    const legs: Legs = [
      [1000, 1],
      [0, 0],
      [1000, 0],
      [0, 1],
      [1000, 1],
      [0, 0],
      [5000, 0],
    ];
    const clock = new FakeClock();
    const pool = new FakeVuPool(clock, FOR_EVER);
    new ClosedLoop(ramping(1, legs, { gracefulRampDown: 1500 }), ALONE, clock, 0, pool);
    await clock.advance(8000);
    // Ramped down at 1000 and 3000, it is interrupted at 4500 and not at 2500.
    assert.deepEqual(
      pool.worked.map(({ from, to, interrupted }) => [from, to, interrupted]),
      [[0, 4500, true]],
    );
  });
});
