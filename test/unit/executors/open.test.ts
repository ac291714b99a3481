import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { OpenLoad } from '../../../engine/executors/load.js';
import { OpenLoop } from '../../../engine/executors/open.js';
import { FakeClock } from '../../support/fake-clock.js';
import { ALONE, FakeVuPool } from './fake-vu-pool.js';
import { allArrivals, openLoad } from './open-loads.js';

const START = 5000;
const FOR_EVER = 1e9;

function start(
  load: OpenLoad,
  length: number | ((vu: number) => number),
  share: { index: number; count: number } = ALONE,
) {
  const clock = new FakeClock(START);
  const pool = new FakeVuPool(clock, length);
  const run = new OpenLoop(load, share, 1, clock, START, pool);
  const state = { endedAt: undefined as number | undefined };
  void run.ended.then(() => {
    state.endedAt = clock.now() - START;
  });
  return { clock, pool, run, state };
}

function starts({ worked }: FakeVuPool): number[] {
  return worked.map(({ from }) => from - START);
}

const everySecond = (seconds: number, given: Partial<OpenLoad> = {}) =>
  openLoad({ legs: [{ duration: seconds * 1000, from: 1, to: 1 }], ...given });

describe('an open load', () => {
  it('starts every arrival when it is due, however long iterations take', async () => {
    for (const length of [10, 900, 1500]) {
      const { clock, pool, state } = start(everySecond(5), length);
      await clock.advance(60_000);
      assert.deepEqual(starts(pool), [0, 1000, 2000, 3000, 4000]);
      assert.deepEqual(pool.iterations, [0, 1, 2, 3, 4]);
      assert.deepEqual(pool.dropped, []);
      assert.deepEqual(
        pool.worked.map(({ dueAt }) => dueAt! - START),
        starts(pool),
      );
      assert.deepEqual([state.endedAt, clock.pending], [Math.max(5000, 4000 + length), 0]);
    }
  });

  it('gives an arrival to the last freed user', async () => {
    const { clock, pool } = start(everySecond(6, { plannedVus: 3 }), (vu) => (vu === 0 ? 1200 : 1900));
    await clock.advance(60_000);
    // 0 is freed at 1200, 1 at 2900, 0 again at 3200: it comes after 1 and is taken first.
    assert.deepEqual(
      pool.worked.slice(0, 4).map(({ vu, from }) => [vu, from - START]),
      [
        [0, 0],
        [1, 1000],
        [0, 2000],
        [1, 3000],
      ],
    );
  });

  it('drops arrivals without a free user at once, and warns once', async () => {
    const { clock, pool, run } = start(everySecond(6, { plannedVus: 1 }), 2500);
    await clock.advance(1000);
    assert.deepEqual([pool.dropped.map((at) => at - START), pool.warnings, run.active], [[1000], 1, 1]);
    await clock.advance(60_000);
    assert.deepEqual(starts(pool), [0, 3000]);
    assert.deepEqual(
      pool.dropped.map((at) => at - START),
      [1000, 2000, 4000, 5000],
    );
    assert.equal(pool.warnings, 1);
    assert.deepEqual(pool.iterations, [0, 3], 'an iteration has the number of its arrival');
  });

  it('creates one more user at a time, up to the maximum', async () => {
    const { clock, pool } = start(everySecond(9, { plannedVus: 1, maxVus: 3 }), FOR_EVER);
    pool.makingTakes = 1500;
    await clock.advance(9000);
    assert.deepEqual(pool.made, [1, 2]);
    // The drop at 1000 asks for user 1, there at 2500; that at 4000 for user 2, there at 5500; then there are no more.
    assert.deepEqual(starts(pool), [0, 3000, 6000]);
    assert.deepEqual(
      pool.dropped.map((at) => at - START),
      [1000, 2000, 4000, 5000, 7000, 8000],
    );
    assert.equal(pool.warnings, 1);
  });

  it('catches up without drift when the thread was blocked', async () => {
    const { clock, pool } = start(openLoad({ plannedVus: 20 }), 50);
    await clock.advance(250);
    await clock.stall(700);
    await clock.advance(60_000);
    assert.deepEqual(pool.dropped, []);
    const late = pool.worked.filter(({ from, dueAt }) => from - dueAt! > 1e-6);
    assert.deepEqual(
      late.map(({ from, dueAt }) => [from - START, Math.round(dueAt! - START)]),
      [300, 400, 500, 600, 700, 800, 900].map((due) => [950, due]),
    );
    assert.equal(pool.worked.length, 100);
    assert.equal(starts(pool).at(-1), 9900);
  });

  it('starts arrivals found just after the end, and drops those found long after', async () => {
    for (const [blockedUntil, started, dropped] of [
      [10_050, 100, 0],
      [12_000, 96, 4],
    ] as const) {
      const { clock, pool, state } = start(openLoad({ plannedVus: 20 }), 10);
      await clock.advance(9599);
      await clock.stall(blockedUntil - 9599);
      await clock.advance(60_000);
      assert.deepEqual([pool.worked.length, pool.dropped.length, pool.warnings], [started, dropped, 0]);
      assert.ok(state.endedAt !== undefined && clock.pending === 0);
    }
  });

  it('is never woken early by a clock of whole milliseconds', async () => {
    const clock = new FakeClock(START);
    const coarse = {
      now: () => clock.now(),
      after: (ms: number, wake: () => void) => clock.after(Math.max(1, Math.floor(ms)), wake),
      worked: () => 0,
      breathe: () => clock.breathe(),
    };
    const pool = new FakeVuPool(clock, 5);
    new OpenLoop(openLoad({ legs: [{ duration: 1000, from: 7, to: 7 }] }), ALONE, 1, coarse, START + 0.5, pool);
    await clock.advance(1100);
    assert.equal(pool.worked.length, 7);
    for (const { from, dueAt } of pool.worked) assert.ok(from >= dueAt! && from - dueAt! < 1, `${from} ${dueAt}`);
  });

  it('starts every arrival once over any number of workers, with its own number', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom('uniform' as const, 'poisson' as const),
      async (workers, plannedVus, arrivals) => {
        const load = openLoad({
          plannedVus,
          arrivals,
          legs: [{ duration: 2000, from: 0, to: 20 }],
          beginsAtOnce: false,
        });
        const clock = new FakeClock(START);
        const pools = Array.from({ length: workers }, () => new FakeVuPool(clock, 0));
        const runs = pools.map((pool, index) => new OpenLoop(load, { index, count: workers }, 1, clock, START, pool));
        await clock.advance(2000);
        await Promise.all(runs.map(({ ended }) => ended));
        const worked = pools.flatMap((pool) => pool.worked).sort((a, b) => a.iteration - b.iteration);
        assert.deepEqual(
          worked.map(({ iteration, from }) => [iteration, Math.round((from - START) * 1e6)]),
          allArrivals(load).map(({ number, at }) => [number, Math.round(at * 1e6)]),
        );
        for (const pool of pools) assert.deepEqual(pool.dropped, []);
        assert.equal(clock.pending, 0);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it('grows to its maximum, each worker in proportion', async () => {
    const load = openLoad({ plannedVus: 3, maxVus: 9, legs: [{ duration: 10_000, from: 30, to: 30 }] });
    const clock = new FakeClock(START);
    const pools = Array.from({ length: 4 }, () => new FakeVuPool(clock, FOR_EVER));
    for (const [index, pool] of pools.entries()) new OpenLoop(load, { index, count: 4 }, 1, clock, START, pool);
    await clock.advance(9000);
    assert.deepEqual(
      pools.map((pool) => pool.active),
      [[0, 3, 6], [1, 4, 7], [2, 5, 8], []],
    );
  });
});

describe('the end of an open load', () => {
  it('lets iterations finish within the grace, and interrupts the others', async () => {
    const { clock, pool, state } = start(everySecond(3, { plannedVus: 3, gracefulStop: 2000 }), (vu) =>
      vu === 2 ? FOR_EVER : 2500,
    );
    await clock.advance(60_000);
    assert.deepEqual(
      pool.worked.map(({ to, interrupted }) => [to! - START, interrupted]),
      [
        [2500, false],
        [3500, false],
        [5000, true],
      ],
    );
    assert.deepEqual([state.endedAt, clock.pending], [5000, 0]);
  });

  it('comes at the end of the duration, also where the last arrival is long over', async () => {
    const { clock, state } = start(everySecond(10), 5);
    await clock.advance(9999);
    assert.equal(state.endedAt, undefined);
    await clock.advance(1);
    assert.equal(state.endedAt, 10_000);
  });

  it('is early when drained or aborted, without drops', async () => {
    for (const [how, length, endedAt] of [
      ['drain', 1800, 3800],
      ['abort', FOR_EVER, 2500],
    ] as const) {
      const { clock, pool, run, state } = start(everySecond(10, { plannedVus: 3 }), length);
      await clock.advance(2500);
      run[how]();
      run[how]();
      await clock.advance(60_000);
      assert.deepEqual([state.endedAt, run.active, clock.pending], [endedAt, 0, 0]);
      assert.deepEqual([pool.worked.length, pool.dropped], [3, []]);
      assert.ok(pool.worked.every(({ interrupted }) => interrupted === (how === 'abort')));
    }
  });

  it('is at once before it has begun, and in a worker without users', async () => {
    for (const how of ['drain', 'abort'] as const) {
      const { clock, run } = start(openLoad(), 5);
      run[how]();
      await run.ended;
      assert.equal(clock.pending, 0);
    }
    const { clock, run } = start(openLoad({ plannedVus: 2 }), 5, { index: 2, count: 3 });
    await run.ended;
    assert.equal(clock.pending, 0);
  });
});
