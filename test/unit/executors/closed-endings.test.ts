import assert from 'node:assert/strict';
import { systemClock } from '../../../engine/clock.js';
import { ClosedLoop } from '../../../engine/executors/closed.js';
import type { ClosedLoad } from '../../../engine/executors/load.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { ALONE, FakeVuPool, loadOf } from './fake-vu-pool.js';

const FOR_EVER = 1e9;

/** Starts a load alone, with a note of when it ended. */
function start(load: ClosedLoad, length: number) {
  const clock = new FakeClock();
  const pool = new FakeVuPool(clock, length);
  const run = new ClosedLoop(load, ALONE, clock, 0, pool);
  const state = { endedAt: undefined as number | undefined };
  void run.ended.then(() => {
    state.endedAt = clock.now();
  });
  return { clock, pool, run, state };
}

describe('the end of a load', () => {
  it('lets iterations finish within the grace, and starts no other', async () => {
    const { clock, pool, run, state } = start(loadOf({ duration: 10_000, gracefulStop: 3000 }), 4000);
    await clock.advance(60_000);
    const spans = pool.worked.filter(({ vu }) => vu === 0).map(({ from, to, interrupted }) => [from, to, interrupted]);
    assert.deepEqual(spans, [
      [0, 4000, false],
      [4000, 8000, false],
      [8000, 12_000, false],
    ]);
    assert.deepEqual([state.endedAt, run.active, clock.pending], [12_000, 0, 0]);
  });

  for (const gracefulStop of [0, 1, 3000]) {
    it(`interrupts iterations ${gracefulStop} ms after it`, async () => {
      const { clock, pool, state } = start(loadOf({ duration: 10_000, gracefulStop }), FOR_EVER);
      await clock.advance(60_000);
      assert.deepEqual(
        pool.worked.map(({ vu, to, interrupted }) => [vu, to, interrupted]),
        [
          [0, 10_000 + gracefulStop, true],
          [1, 10_000 + gracefulStop, true],
        ],
      );
      assert.equal(state.endedAt, 10_000 + gracefulStop);
      assert.equal(clock.pending, 0);
    });
  }

  it('drops nothing where iterations are not counted', async () => {
    const { clock, pool } = start(loadOf({ duration: 1000, gracefulStop: 0 }), 300);
    await clock.advance(5000);
    assert.deepEqual(pool.dropped, []);
  });
});

describe('a load that is drained', () => {
  it('starts no further iteration and ends with the last that runs', async () => {
    const { clock, pool, run, state } = start(loadOf(), 1000);
    await clock.advance(2500);
    run.drain();
    run.drain();
    await clock.advance(499);
    assert.deepEqual([run.active, state.endedAt], [2, undefined]);
    await clock.advance(60_000);
    assert.deepEqual([pool.worked.length, state.endedAt, clock.pending], [6, 3000, 0]);
    assert.ok(pool.worked.every(({ interrupted }) => !interrupted));
  });

  it('interrupts iterations longer than the grace period, counted from the drain', async () => {
    const { clock, pool, run, state } = start(loadOf({ gracefulStop: 700 }), FOR_EVER);
    await clock.advance(2000);
    run.drain();
    await clock.advance(60_000);
    assert.deepEqual([pool.worked.length, state.endedAt], [2, 2700]);
    assert.ok(pool.worked.every(({ to, interrupted }) => to === 2700 && interrupted));
  });

  it('ramps no user down', async () => {
    const steps = [
      { at: 0, vus: 2 },
      { at: 1500, vus: 1 },
    ];
    const { clock, pool, run } = start(loadOf({ steps, gracefulRampDown: 0 }), 2000);
    await clock.advance(1000);
    run.drain();
    await clock.advance(60_000);
    assert.deepEqual(
      pool.worked.map(({ to, interrupted }) => [to, interrupted]),
      [
        [2000, false],
        [2000, false],
      ],
    );
  });

  it('drops nothing, even when its time is up', async () => {
    const { clock, pool, run, state } = start(loadOf({ duration: 1500, iterations: { shared: 100 } }), 1000);
    await clock.advance(1200);
    run.drain();
    await clock.advance(60_000);
    assert.deepEqual([pool.dropped, state.endedAt], [[], 2000]);
  });

  it('ends at once before it has begun, and while nobody is wanted', async () => {
    const before = start(loadOf(), 1000);
    before.run.drain();
    await settle();
    assert.deepEqual([before.state.endedAt, before.clock.pending], [0, 0]);
    const pause = start(
      loadOf({
        steps: [
          { at: 0, vus: 0 },
          { at: 5000, vus: 2 },
        ],
      }),
      1000,
    );
    await pause.clock.advance(2000);
    pause.run.drain();
    await pause.clock.advance(60_000);
    assert.deepEqual([pause.state.endedAt, pause.pool.worked.length, pause.clock.pending], [2000, 0, 0]);
  });
});

describe('a load that is aborted', () => {
  it('interrupts everything at once', async () => {
    const { clock, pool, run, state } = start(loadOf(), FOR_EVER);
    await clock.advance(2500);
    run.abort();
    await clock.advance(0);
    assert.ok(pool.worked.every(({ to, interrupted }) => to === 2500 && interrupted));
    assert.deepEqual([pool.worked.length, state.endedAt, run.active, clock.pending], [2, 2500, 0, 0]);
  });

  it('may have been drained before', async () => {
    const { clock, run, state } = start(loadOf(), FOR_EVER);
    await clock.advance(1000);
    run.drain();
    await clock.advance(1000);
    run.abort();
    await settle();
    assert.deepEqual([state.endedAt, clock.pending], [2000, 0]);
  });

  it('ends at once before it has begun, and while nobody is wanted', async () => {
    const steps = [
      { at: 1000, vus: 2 },
      { at: 2000, vus: 0 },
      { at: 6000, vus: 2 },
    ];
    for (const at of [500, 4000]) {
      const { clock, run, state } = start(loadOf({ steps }), 700);
      await clock.advance(at);
      run.abort();
      await clock.advance(60_000);
      assert.deepEqual([state.endedAt, clock.pending], [at, 0]);
    }
  });
});

describe('a worker', () => {
  it('without users in a scenario ends at once', async () => {
    const clock = new FakeClock();
    const pool = new FakeVuPool(clock, 1000);
    for (const iterations of [undefined, { shared: 10 }, { perVu: 10 }]) {
      const load = loadOf({ maxVus: 2, ...(iterations && { iterations }) });
      const run = new ClosedLoop(load, { index: 2, count: 3 }, clock, 5000, pool);
      await run.ended;
      assert.deepEqual([run.active, pool.dropped, clock.pending], [0, [], 0]);
    }
  });

  it('yields after each iteration', async () => {
    const { clock, pool, run } = start(loadOf({ maxVus: 1 }), 0);
    await clock.advance(0);
    assert.ok(pool.worked.length > 0);
    assert.equal(clock.breaths, pool.worked.length);
    run.abort();
    await run.ended;
  });

  it('is not starved by iterations that return at once', async () => {
    let iterations = 0;
    const pool = {
      async iterate() {
        iterations += 1;
      },
      interrupt: () => undefined,
      drop: () => undefined,
      make: async () => true,
    };
    const run = new ClosedLoop(loadOf(), ALONE, systemClock, systemClock.now(), pool);
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
      if (turns === 3) run.abort();
    }, 1);
    await run.ended;
    clearInterval(others);
    assert.equal(turns, 3);
    assert.ok(iterations >= 3, `${iterations} iterations`);
  });
});
