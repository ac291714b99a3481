import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ClosedLoop } from '../../../engine/executors/closed.js';
import type { ClosedLoad } from '../../../engine/executors/load.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { FakeVuPool, loadOf } from './fake-vu-pool.js';

/** Runs a load on workers for `ms` milliseconds. */
async function carry(load: ClosedLoad, workers: number, length: number | ((vu: number) => number), ms: number) {
  const clock = new FakeClock();
  const pools = Array.from({ length: workers }, () => new FakeVuPool(clock, length));
  const runs = pools.map((pool, index) => new ClosedLoop(load, { index, count: workers }, clock, 0, pool));
  let ended = 0;
  for (const run of runs) void run.ended.then(() => (ended += 1));
  await clock.advance(ms);
  // Iterations that take no time take turns all the same.
  for (let turn = 0; turn < 200 && ended < workers; turn += 1) await settle();
  const worked = pools.flatMap((pool) => pool.worked);
  const iterations = worked.map(({ iteration }) => iteration).sort((a, b) => a - b);
  const dropped = pools.reduce((sum, pool) => sum + pool.dropped.length, 0);
  return { clock, pools, runs, worked, iterations, dropped, ended };
}

function upTo(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

for (const workers of [1, 2, 5]) {
  describe(`iterations in ${workers} ${workers === 1 ? 'worker' : 'workers'}`, () => {
    const users = fc.integer({ min: 1, max: 9 });
    const lengths = fc.constantFrom<(vu: number) => number>(
      () => 0,
      () => 10,
      (vu) => 1 + 7 * vu,
      (vu) => (vu % 2) * 20,
    );

    it('that are shared are run exactly once each', async () => {
      const property = fc.asyncProperty(users, fc.nat(40), lengths, async (maxVus, more, length) => {
        const shared = maxVus + more;
        const load = loadOf({ maxVus, iterations: { shared } });
        const { clock, iterations, dropped, ended } = await carry(load, workers, length, 4000);
        assert.deepEqual(iterations, upTo(shared));
        assert.deepEqual([dropped, ended, clock.pending], [0, workers, 0]);
      });
      await fc.assert(property, { numRuns: 25 });
    });

    it('of each user are run exactly, each with a number of its own', async () => {
      const property = fc.asyncProperty(
        users,
        fc.integer({ min: 1, max: 12 }),
        lengths,
        async (maxVus, perVu, length) => {
          const load = loadOf({ maxVus, iterations: { perVu } });
          const { clock, worked, iterations, dropped, ended } = await carry(load, workers, length, 4000);
          assert.deepEqual(iterations, upTo(maxVus * perVu));
          for (const vu of upTo(maxVus)) assert.equal(worked.filter((work) => work.vu === vu).length, perVu);
          assert.deepEqual([dropped, ended, clock.pending], [0, workers, 0]);
        },
      );
      await fc.assert(property, { numRuns: 25 });
    });

    it('left undone by maxDuration are dropped', async () => {
      const load = (iterations: NonNullable<ClosedLoad['iterations']>) =>
        loadOf({ maxVus: 4, duration: 2500, iterations });
      // Each of four users starts at 0, 1000 and 2000; the third iteration ends within the grace.
      const shared = await carry(load({ shared: 50 }), workers, 1000, 4000);
      assert.deepEqual([shared.worked.length, shared.dropped, shared.ended], [12, 38, workers]);
      assert.ok(shared.worked.every(({ interrupted }) => !interrupted));
      const perVu = await carry(load({ perVu: 5 }), workers, 1000, 4000);
      assert.deepEqual([perVu.worked.length, perVu.dropped, perVu.ended], [12, 8, workers]);
    });
  });
}

describe('iterations from one pile', () => {
  it('are taken by free users', async () => {
    const load = loadOf({ maxVus: 2, iterations: { shared: 12 } });
    const { worked } = await carry(load, 1, (vu) => (vu === 0 ? 10 : 50), 200);
    assert.deepEqual(
      [0, 1].map((vu) => worked.filter((work) => work.vu === vu).length),
      [10, 2],
    );
  });

  it('are not dropped when the last of them ends late', async () => {
    const load = loadOf({ maxVus: 1, duration: 1500, iterations: { shared: 2 } });
    const { dropped, worked, ended } = await carry(load, 1, 1000, 3000);
    assert.deepEqual([dropped, worked.length, ended], [0, 2, 1]);
  });

  it('end the run as soon as the last has ended, before the maximum duration', async () => {
    const { ended, clock } = await carry(loadOf({ maxVus: 3, iterations: { shared: 3 } }), 1, 100, 100);
    assert.deepEqual([ended, clock.pending], [1, 0]);
  });
});
