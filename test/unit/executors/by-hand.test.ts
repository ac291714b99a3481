import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ClosedLoop } from '../../../engine/executors/closed.js';
import type { ClosedLoad } from '../../../engine/executors/load.js';
import { OpenLoop } from '../../../engine/executors/open.js';
import type { LoadRun } from '../../../engine/executors/vu-pool.js';
import { FakeClock } from '../../support/fake-clock.js';
import { ALONE, FakeVuPool, loadOf } from './fake-vu-pool.js';
import { openLoad } from './open-loads.js';

interface Running {
  readonly clock: FakeClock;
  readonly pools: readonly FakeVuPool[];
  readonly runs: readonly LoadRun[];
}

/** Starts a closed load on workers, with iterations of fixed milliseconds. */
function start(load: ClosedLoad, workers = 1, iteration = 100): Running {
  const clock = new FakeClock();
  const pools = Array.from({ length: workers }, () => new FakeVuPool(clock, iteration));
  const runs = pools.map((pool, index) => new ClosedLoop(load, { index, count: workers }, clock, 0, pool));
  return { clock, pools, runs };
}

function active(pools: readonly FakeVuPool[]): number {
  return pools.reduce((sum, pool) => sum + pool.active.length, 0);
}

describe('a load that is paused', () => {
  it('starts no iteration of a closed scenario until it is resumed, and lets those that run end', async () => {
    const { clock, pools, runs } = start(loadOf());
    await clock.advance(250);
    runs[0]?.pause();
    await clock.advance(3000);
    assert.equal(pools[0]?.worked.length, 6);
    assert.deepEqual(pools[0]?.active, []);
    assert.equal(runs[0]?.active, 2, 'its users are still there');
    runs[0]?.resume();
    await clock.advance(10);
    assert.deepEqual(pools[0]?.active, [0, 1]);
  });

  it('ends in its pause when its time is up, or when it is drained', async () => {
    for (const end of [undefined, 'drain', 'abort'] as const) {
      const { clock, runs } = start(loadOf());
      await clock.advance(250);
      runs[0]?.pause();
      await clock.advance(500);
      if (end) runs[0]?.[end]();
      else await clock.advance(10_000);
      await runs[0]?.ended;
      assert.equal(clock.pending, 0);
    }
  });

  it('removes users while paused, and starts planned ones when resumed, not late', async () => {
    const steps = [2, 0, 1].map((vus, index) => ({ at: index * 1000, vus }));
    const { clock, pools, runs } = start(loadOf({ steps }));
    await clock.advance(250);
    runs[0]?.pause();
    await clock.advance(1000);
    assert.equal(runs[0]?.active, 0);
    await clock.advance(1000);
    runs[0]?.resume();
    await clock.advance(1);
    assert.deepEqual(pools[0]?.active, [0]);
    assert.equal(pools[0]?.worked.at(-1)?.dueAt, undefined);
  });

  it('leaves out the arrivals of an open scenario, which are not dropped', async () => {
    const clock = new FakeClock();
    const pool = new FakeVuPool(clock, 10);
    const run = new OpenLoop(openLoad(), ALONE, 1, clock, 0, pool);
    await clock.advance(1050);
    run.pause();
    await clock.advance(2000);
    run.resume();
    await clock.advance(20_000);
    await run.ended;
    assert.equal(pool.worked.length, 80);
    assert.deepEqual(pool.dropped, []);
  });
});

describe('the users of a closed scenario, set by hand', () => {
  it('are the given number over all workers, regardless of the plan', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
      async (maxVus, workers, wishes) => {
        const steps = [maxVus, 1, maxVus].map((vus, index) => ({ at: index * 500, vus }));
        const { clock, pools, runs } = start(loadOf({ steps, maxVus }), workers);
        for (const vus of wishes) {
          await clock.advance(430);
          for (const run of runs) run.scale?.(vus);
          await clock.advance(330);
          assert.equal(active(pools), vus);
          assert.equal(
            runs.reduce((sum, run) => sum + run.active, 0),
            vus,
          );
        }
        await clock.advance(20_000);
        await Promise.all(runs.map(({ ended }) => ended));
        const iterations = pools.flatMap((pool) => pool.iterations);
        assert.equal(new Set(iterations).size, iterations.length, 'no iteration was run twice');
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it('are created once where the plan has fewer', async () => {
    const { clock, pools, runs } = start(loadOf());
    for (const vus of [4, 1, 4]) {
      await clock.advance(250);
      runs[0]?.scale?.(vus);
    }
    await clock.advance(250);
    assert.deepEqual(pools[0]?.made, [2, 3]);
    assert.deepEqual(pools[0]?.active, [0, 1, 2, 3]);
  });

  it('wait for the start of the scenario, and for the end of a pause', async () => {
    const clock = new FakeClock();
    const pool = new FakeVuPool(clock, 100);
    const run = new ClosedLoop(loadOf(), ALONE, clock, 1000, pool);
    run.scale?.(3);
    run.pause();
    await clock.advance(900);
    assert.equal(run.active, 0);
    await clock.advance(200);
    assert.equal(run.active, 3);
    assert.deepEqual(pool.active, []);
    run.resume();
    await clock.advance(1);
    assert.deepEqual(pool.active, [0, 1, 2]);
  });

  it('are at most the planned ones where each has iterations of its own', async () => {
    const { clock, pools, runs } = start(loadOf({ iterations: { perVu: 30 } }));
    runs[0]?.scale?.(5);
    await clock.advance(50);
    assert.deepEqual(pools[0]?.active, [0, 1]);
  });
});
