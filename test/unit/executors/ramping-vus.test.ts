import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rampingVus } from '../../../engine/executors/ramping-vus.js';
import { type Legs, noTrace, ramping, vusAt } from './ramping.js';

describe('the plan of a ramp', () => {
  const table: readonly {
    what: string;
    startVUs: number;
    stages: Legs;
    steps: readonly (readonly [at: number, vus: number])[];
    maxVus: number;
  }[] = [
    {
      what: 'ramps up evenly and reaches its target at the end',
      startVUs: 0,
      stages: [[10, 5]],
      steps: [
        [0, 0],
        [2, 1],
        [4, 2],
        [6, 3],
        [8, 4],
        [10, 5],
      ],
      maxVus: 5,
    },
    {
      what: 'ramps down in the same way',
      startVUs: 4,
      stages: [[8, 0]],
      steps: [
        [0, 4],
        [2, 3],
        [4, 2],
        [6, 1],
        [8, 0],
      ],
      maxVus: 4,
    },
    { what: 'holds where the target is where it is', startVUs: 3, stages: [[10, 3]], steps: [[0, 3]], maxVus: 3 },
    {
      what: 'jumps in a stage of no length',
      startVUs: 1,
      stages: [
        [5, 1],
        [0, 9],
        [5, 9],
        [0, 2],
        [5, 2],
      ],
      steps: [
        [0, 1],
        [5, 9],
        [10, 2],
      ],
      maxVus: 9,
    },
    {
      what: 'may jump at once',
      startVUs: 0,
      stages: [
        [0, 7],
        [5, 7],
      ],
      steps: [
        [0, 0],
        [0, 7],
      ],
      maxVus: 7,
    },
    {
      what: 'may jump more than once at an instant',
      startVUs: 1,
      stages: [
        [0, 5],
        [0, 2],
        [4, 2],
      ],
      steps: [
        [0, 1],
        [0, 5],
        [0, 2],
      ],
      maxVus: 5,
    },
    {
      what: 'goes on from one stage to the next',
      startVUs: 1,
      stages: [
        [4, 3],
        [6, 3],
        [3, 0],
      ],
      steps: [
        [0, 1],
        [2, 2],
        [4, 3],
        [11, 2],
        [12, 1],
        [13, 0],
      ],
      maxVus: 3,
    },
    {
      what: 'may have changes closer than a millisecond',
      startVUs: 0,
      stages: [[1, 4]],
      steps: [
        [0, 0],
        [0.25, 1],
        [0.5, 2],
        [0.75, 3],
        [1, 4],
      ],
      maxVus: 4,
    },
    {
      what: 'may begin at its highest',
      startVUs: 6,
      stages: [[2, 5]],
      steps: [
        [0, 6],
        [2, 5],
      ],
      maxVus: 6,
    },
  ];
  for (const { what, startVUs, stages, steps, maxVus } of table) {
    it(what, () => {
      const load = ramping(startVUs, stages);
      assert.deepEqual(
        load.steps.map(({ at, vus }) => [at, vus]),
        steps,
      );
      assert.equal(load.maxVus, maxVus);
      assert.equal(
        load.duration,
        stages.reduce((sum, [duration]) => sum + duration, 0),
      );
    });
  }

  it('is within one user of the straight line', () => {
    const users = fc.nat(200);
    fc.assert(
      fc.property(
        users,
        users,
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, d, part) => {
          const load = ramping(a, [
            [d, b],
            [d, b],
          ]);
          const line = a + (b - a) * part;
          assert.ok(Math.abs(vusAt(load, d * part) - line) < 1 + 1e-6);
          assert.equal(vusAt(load, d), b);
        },
      ),
    );
  });

  it('can be as large as a run may be', () => {
    const load = ramping(0, [
      [60_000, 100_000],
      [60_000, 0],
    ]);
    assert.equal(load.maxVus, 100_000);
    assert.equal(load.steps.length, 200_001);
    assert.deepEqual(load.steps.at(-1), { at: 120_000, vus: 0 });
  });

  it('has its grace periods and a description', () => {
    const options = {
      executor: 'ramping-vus',
      exec: 'default',
      startTime: 0,
      env: {},
      tags: {},
      startVUs: 1,
      gracefulStop: 7,
      gracefulRampDown: 8,
    } as const;
    const one = { ...options, stages: [{ duration: 5000, target: 20 }] };
    const load = rampingVus.plan(one, noTrace, noTrace);
    const { gracefulStop, gracefulRampDown } = load;
    assert.deepEqual([gracefulStop, gracefulRampDown], [7, 8]);
    assert.equal(rampingVus.describe(one, load), 'up to 20 looping VUs for 5s over 1 stage');
    const two = { ...options, stages: [...one.stages, { duration: 85_000, target: 20 }] };
    assert.equal(
      rampingVus.describe(two, rampingVus.plan(two, noTrace, noTrace)),
      'up to 20 looping VUs for 1m30s over 2 stages',
    );
  });
});

describe('the users at an instant', () => {
  const load = ramping(2, [
    [10, 4],
    [10, 4],
    [0, 1],
    [5, 1],
  ]);
  const table: readonly (readonly [at: number, vus: number])[] = [
    [-1, 0],
    [0, 2],
    [4.9, 2],
    [5, 3],
    [10, 4],
    [19.9, 4],
    [20, 1],
    [24.9, 1],
    [25, 0],
    [100, 0],
  ];
  for (const [at, vus] of table) {
    it(`are ${vus} at ${at}`, () => assert.equal(vusAt(load, at), vus));
  }
});
