import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ClosedLoop } from '../../../engine/executors/closed.js';
import type { ClosedLoad } from '../../../engine/executors/load.js';
import type { LoadRun } from '../../../engine/executors/vu-pool.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeVuPool } from './fake-vu-pool.js';
import { type Legs, ramping, vusAt } from './ramping.js';

const START = 5000;
const FOR_EVER = 1e9;
/** An iteration that ends at no instant at which a plan changes. */
const ODD = 170.1234567;
/** Instants that were added up may be off by a hair. */
const HAIR = 1e-6;

interface Running {
  readonly clock: FakeClock;
  readonly pools: readonly FakeVuPool[];
  readonly runs: readonly LoadRun[];
}

/** Starts a load on workers. Each has its own users, numbered within the whole load. */
function start(load: ClosedLoad, workers: number, iteration: number): Running {
  const clock = new FakeClock(START - 100);
  const pools = Array.from({ length: workers }, () => new FakeVuPool(clock, iteration));
  const runs = pools.map((pool, index) => new ClosedLoop(load, { index, count: workers }, clock, START, pool));
  return { clock, pools, runs };
}

/** Instants between the changes of the plan, and one after its end. */
function betweenSteps(load: ClosedLoad): number[] {
  const changes = [...new Set([...load.steps.map(({ at }) => at), load.duration])].sort((a, b) => a - b);
  return changes.map((at, i) => (at + (changes[i + 1] ?? at + 100)) / 2);
}

describe('a ramp over any number of workers', () => {
  const legs: fc.Arbitrary<Legs> = fc.array(fc.tuple(fc.constantFrom(0, 1, 70, 1000, 3333), fc.nat(12)), {
    minLength: 1,
    maxLength: 5,
  });

  it('runs as many users as planned at any instant, lowest numbers first', async () => {
    const graces = { gracefulRampDown: 0, gracefulStop: 0 };
    const property = fc.asyncProperty(
      fc.nat(12),
      legs,
      fc.integer({ min: 1, max: 5 }),
      async (startVUs, stages, workers) => {
        const load = ramping(startVUs, stages, graces);
        const { clock, pools, runs } = start(load, workers, FOR_EVER);
        for (const at of betweenSteps(load)) {
          await clock.advance(START + at - clock.now());
          const active = pools.flatMap((pool) => pool.active).sort((a, b) => a - b);
          const expected = Array.from({ length: vusAt(load, at) }, (_, vu) => vu);
          assert.deepEqual(active, expected, `at ${at}`);
          assert.equal(
            runs.reduce((sum, run) => sum + run.active, 0),
            expected.length,
          );
        }
        await Promise.all(runs.map(({ ended }) => ended));
        assert.equal(clock.pending, 0);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('starts a user’s next iteration when its last has ended, while it is wanted', async () => {
    const property = fc.asyncProperty(
      fc.nat(6),
      legs,
      fc.integer({ min: 1, max: 3 }),
      async (startVUs, stages, workers) => {
        const load = ramping(startVUs, stages);
        const { clock, pools, runs } = start(load, workers, ODD);
        await clock.advance(START + load.duration + 200 - clock.now());
        await Promise.all(runs.map(({ ended }) => ended));
        const worked = pools.flatMap((pool) => pool.worked);
        assert.equal(new Set(worked.map(({ iteration }) => iteration)).size, worked.length);
        for (const { vu, from, to, interrupted } of worked) {
          assert.ok(vu < vusAt(load, from - START + HAIR), `user ${vu} began at ${from - START}`);
          assert.deepEqual([to, interrupted], [from + ODD, false]);
          const goesOn = vu < vusAt(load, to! - START + HAIR);
          assert.equal(
            worked.some((other) => other.vu === vu && other.from === to),
            goesOn,
            `user ${vu} at ${to! - START}`,
          );
        }
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });

  it('starts no user early', async () => {
    const { clock, pools, runs } = start(ramping(3, [[1000, 3]]), 1, 50);
    await clock.advance(99);
    assert.deepEqual([pools[0]?.worked.length, runs[0]?.active], [0, 0]);
    await clock.advance(1);
    assert.deepEqual([pools[0]?.active, runs[0]?.active], [[0, 1, 2], 3]);
  });

  it('does not start users who are planned for no time', async () => {
    const { clock, pools } = start(
      ramping(1, [
        [0, 9],
        [0, 2],
        [1000, 2],
        [0, 0],
        [0, 2],
        [1000, 2],
      ]),
      1,
      FOR_EVER,
    );
    await clock.advance(2000);
    assert.deepEqual(
      pools[0]?.worked.map(({ vu, to }) => [vu, to]),
      [
        [0, undefined],
        [1, undefined],
      ],
    );
  });

  it('catches up when the thread was blocked', async () => {
    const { clock, pools } = start(
      ramping(0, [
        [1000, 10],
        [1000, 10],
      ]),
      1,
      FOR_EVER,
    );
    await clock.advance(100);
    await clock.stall(550);
    assert.deepEqual(pools[0]?.active, [0, 1, 2, 3, 4]);
    await clock.advance(50);
    assert.equal(pools[0]?.active.length, 6);
  });
});

describe('the instant at which a user should start', () => {
  it('is planned for its first iteration only, however late the thread', async () => {
    const { clock, pools } = start(
      ramping(0, [
        [1000, 5],
        [1000, 5],
      ]),
      1,
      300,
    );
    await clock.advance(100);
    await clock.stall(550);
    await clock.advance(500);
    const worked = pools[0]?.worked ?? [];
    const first = worked.filter(({ dueAt }) => dueAt !== undefined);
    assert.deepEqual(
      first.map(({ vu, from, dueAt }) => [vu, from - START, dueAt! - START]),
      [
        [0, 550, 200],
        [1, 550, 400],
        [2, 600, 600],
        [3, 800, 800],
        [4, 1000, 1000],
      ],
    );
    assert.equal(worked.find(({ vu, from }) => vu === 0 && from > START + 600)?.dueAt, undefined);
  });

  it('is undefined for a user that is still busy when wanted again', async () => {
    const legs: Legs = [
      [1000, 1],
      [0, 0],
      [1000, 0],
      [0, 1],
      [4000, 1],
    ];
    const { clock, pools } = start(ramping(1, legs), 1, 2500);
    await clock.advance(5200);
    assert.deepEqual(
      pools[0]?.worked.map(({ from, dueAt }) => [from - START, dueAt]),
      [
        [0, START],
        [2500, undefined],
        [5000, undefined],
      ],
    );
  });
});
