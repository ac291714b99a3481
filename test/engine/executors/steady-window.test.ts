import assert from 'node:assert/strict';
import { type PlacedLoad, steadyWindow } from '../../../engine/executors/load.js';
import { loadOf } from './fake-crew.js';
import { type Legs, ramping } from './ramping.js';

/** Stages with their scenario's start. */
function ramp(startTime: number, startVUs: number, legs: Legs): PlacedLoad {
  return { startTime, load: ramping(startVUs, legs) };
}

function constant(startTime: number, vus: number, duration: number): PlacedLoad {
  return { startTime, load: loadOf({ maxVus: vus, duration }) };
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
    { what: 'is nowhere when nobody ever comes', loads: [ramp(0, 0, [[100, 0]])], from: 0, to: 0 },
  ];
  for (const { what, loads, from, to } of table) {
    it(what, () => assert.deepEqual(steadyWindow(loads), { from, to }));
  }
});
