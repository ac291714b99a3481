import assert from 'node:assert/strict';
import type { RateLeg } from '../../../engine/executors/rate.js';
import { type PlacedLoad, remainderOf, steadyWindow } from '../../../engine/executors/steady-state.js';
import { loadOf } from './fake-vu-pool.js';
import { openLoad } from './open-loads.js';
import { type Legs, ramping } from './ramping.js';

/** Stages with their scenario's start. */
function ramp(startTime: number, startVUs: number, legs: Legs): PlacedLoad {
  return { startTime, load: ramping(startVUs, legs) };
}

function constant(startTime: number, vus: number, duration: number): PlacedLoad {
  return { startTime, load: loadOf({ maxVus: vus, duration }) };
}

/** Rates with their scenario's start: as duration, from and to. */
function open(
  startTime: number,
  plannedVus: number,
  ...legs: readonly (readonly [duration: number, from: number, to: number])[]
): PlacedLoad {
  const rates: RateLeg[] = legs.map(([duration, from, to]) => ({ duration, from, to }));
  return { startTime, load: openLoad({ plannedVus, legs: rates }) };
}

describe('the steady state', () => {
  const table: readonly { what: string; loads: readonly PlacedLoad[]; from: number; to: number }[] = [
    { what: 'is nowhere without a load', loads: [], from: 0, to: 0 },
    { what: 'is all of a constant load', loads: [constant(0, 5, 1000)], from: 0, to: 1000 },
    { what: 'is that of a single user as well', loads: [constant(0, 1, 1000)], from: 0, to: 1000 },
    { what: 'begins where its scenario does', loads: [constant(300, 5, 1000)], from: 300, to: 1300 },
    {
      what: 'lasts from the end of the ramp up to the first user that leaves',
      loads: [
        ramp(0, 0, [
          [100, 10],
          [500, 10],
          [100, 0],
        ]),
      ],
      from: 100,
      to: 610,
    },
    {
      what: 'may last to the end',
      loads: [
        ramp(0, 0, [
          [100, 10],
          [500, 10],
        ]),
      ],
      from: 100,
      to: 600,
    },
    {
      what: 'may begin at once',
      loads: [
        ramp(0, 10, [
          [500, 10],
          [100, 0],
        ]),
      ],
      from: 0,
      to: 510,
    },
    {
      what: 'is ended by a jump down where it happens',
      loads: [
        ramp(0, 0, [
          [0, 10],
          [500, 10],
          [0, 3],
          [100, 3],
        ]),
      ],
      from: 0,
      to: 500,
    },
    {
      what: 'is the first of two equal plateaus',
      loads: [
        ramp(0, 0, [
          [0, 10],
          [200, 10],
          [0, 5],
          [100, 5],
          [0, 10],
          [900, 10],
        ]),
      ],
      from: 0,
      to: 200,
    },
    {
      what: 'is the higher of two plateaus, though it is the shorter',
      loads: [
        ramp(0, 0, [
          [0, 10],
          [900, 10],
          [0, 11],
          [100, 11],
        ]),
      ],
      from: 900,
      to: 1000,
    },
    {
      what: 'is as short as one step at a peak without a plateau',
      loads: [
        ramp(0, 0, [
          [100, 10],
          [200, 0],
        ]),
      ],
      from: 100,
      to: 120,
    },
    {
      what: 'does not count a peak that is reached as the load ends',
      loads: [ramp(0, 1, [[100, 2]])],
      from: 0,
      to: 100,
    },
    {
      what: 'is where several scenarios are at their highest together',
      loads: [constant(0, 5, 1000), constant(400, 3, 1000)],
      from: 400,
      to: 1000,
    },
    {
      what: 'is that of the larger of two that do not meet',
      loads: [constant(0, 5, 1000), constant(2000, 6, 500)],
      from: 2000,
      to: 2500,
    },
    {
      what: 'goes on when another scenario takes over at once',
      loads: [constant(0, 5, 1000), constant(1000, 5, 700)],
      from: 0,
      to: 1700,
    },
    {
      what: 'ends at a pause between two scenarios',
      loads: [constant(0, 5, 1000), constant(1001, 5, 700)],
      from: 0,
      to: 1000,
    },
    {
      what: 'does not depend on the order of the scenarios',
      loads: [constant(1000, 5, 700), constant(0, 5, 1000)],
      from: 0,
      to: 1700,
    },
    {
      what: 'holds while one scenario ramps down as another ramps up in step',
      loads: [ramp(0, 4, [[400, 0]]), ramp(0, 0, [[400, 4]])],
      from: 0,
      to: 400,
    },
    { what: 'is all of a constant rate', loads: [open(200, 3, [1000, 10, 10])], from: 200, to: 1200 },
    {
      what: 'is where a rate is flat at its highest',
      loads: [open(0, 3, [100, 0, 50], [500, 50, 50], [100, 50, 0])],
      from: 100,
      to: 600,
    },
    {
      what: 'is where a rate is flat, though it has a peak elsewhere',
      loads: [open(0, 3, [500, 50, 50], [100, 50, 100], [100, 100, 10], [100, 10, 10])],
      from: 0,
      to: 500,
    },
    { what: 'is nowhere where a rate is never flat', loads: [open(0, 3, [100, 0, 50], [100, 50, 0])], from: 0, to: 0 },
    {
      what: 'is that of the highest rate of several, whatever users there are',
      loads: [open(0, 50, [1000, 10, 10]), open(1000, 5, [700, 20, 20])],
      from: 1000,
      to: 1700,
    },
    {
      what: 'adds up rates, and leaves nothing behind of them',
      loads: [open(0, 1, [1000, 0.1, 0.1]), open(100, 1, [300, 0.2, 0.2]), open(600, 1, [400, 0.2, 0.2])],
      from: 100,
      to: 400,
    },
    {
      what: 'counts a rate beside users as its own planned users',
      loads: [constant(0, 5, 1000), open(0, 10, [300, 0, 80], [600, 80, 80])],
      from: 300,
      to: 900,
    },
    {
      what: 'is that of more users rather than of fewer beside a rate',
      loads: [constant(0, 50, 400), constant(400, 20, 600), open(200, 10, [800, 80, 80])],
      from: 200,
      to: 400,
    },
    { what: 'is nowhere when nobody ever comes', loads: [ramp(0, 0, [[100, 0]])], from: 0, to: 0 },
  ];
  for (const { what, loads, from, to } of table) {
    it(what, () => assert.deepEqual(steadyWindow(loads), { from, to }));
  }

  it('begins after the warm-up, and is empty where nothing is left', () => {
    const loads = [
      ramp(0, 0, [
        [100, 10],
        [500, 10],
      ]),
    ];
    assert.deepEqual(steadyWindow(loads, 200), { from: 300, to: 600 });
    assert.deepEqual(steadyWindow(loads, 500), { from: 600, to: 600 });
    assert.deepEqual(steadyWindow(loads, 900), { from: 1000, to: 1000 });
  });

  it('can be searched from an instant on', () => {
    const loads = [constant(0, 9, 1000), constant(1000, 5, 1000)];
    assert.deepEqual(steadyWindow(loads, 0, 400), { from: 400, to: 1000 });
    assert.deepEqual(steadyWindow(loads, 0, 1000), { from: 1000, to: 2000 });
    assert.deepEqual(steadyWindow(loads, 300, 1100), { from: 1300, to: 2000 });
    assert.deepEqual(steadyWindow(loads, 0, 2000), { from: 0, to: 0 });
  });

  it('is only shortened once it has begun', () => {
    const steady = { from: 200, to: 1000 };
    assert.deepEqual(remainderOf(steady, [constant(0, 5, 1000)]), steady);
    assert.deepEqual(remainderOf(steady, [constant(0, 5, 700)]), { from: 200, to: 700 });
    assert.deepEqual(remainderOf(steady, [constant(0, 5, 5000)]), steady);
    assert.deepEqual(remainderOf(steady, [constant(0, 5, 1000), constant(600, 9, 900)]), { from: 200, to: 600 });
    assert.deepEqual(remainderOf(steady, [constant(0, 5, 100)]), { from: 200, to: 200 });
  });
});
