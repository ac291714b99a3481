import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  arriving,
  chain,
  constant,
  DURATION,
  EXECUTORS,
  LONG_ENOUGH,
  ramp,
  rampingRate,
  WHOLE,
} from './option-samples.js';
import { problemsOf } from './planned.js';

describe('invalid scenarios', () => {
  const table: readonly (readonly [options: unknown, ...problems: string[]])[] = [
    [{ scenarios: {} }, 'scenarios: expected an object with at least one scenario, got {}'],
    [{ scenarios: [] }, 'scenarios: expected an object with at least one scenario, got []'],
    [{ scenarios: { a: 5 } }, 'scenarios.a: expected an object, got 5'],
    [{ scenarios: { a: {} } }, `scenarios.a.executor: ${EXECUTORS}, got undefined`],
    [
      constant({ executor: 'externally-controlled' }),
      `scenarios.a.executor: ${EXECUTORS}, got "externally-controlled"`,
    ],
    [constant({ executor: 5 }), `scenarios.a.executor: ${EXECUTORS}, got 5`],
    [constant({ duration: undefined }), `scenarios.a.duration: ${LONG_ENOUGH}, got undefined`],
    [{ scenarios: { a: { executor: 'constant-vus' } } }, 'scenarios.a.duration: is required'],
    [constant({ startTime: -1 }), `scenarios.a.startTime: ${DURATION}, got -1`],
    [constant({ gracefulStop: 'x' }), `scenarios.a.gracefulStop: ${DURATION}, got "x"`],
    [constant({ env: 'A=1' }), 'scenarios.a.env: expected an object of texts, numbers, true or false, got "A=1"'],
    [constant({ exec: '' }), 'scenarios.a.exec: expected a text, got ""'],
    [constant({ exec: 'browse' }), 'scenarios.a.exec: no exported function is called browse; there are: default'],
    [
      { scenarios: { 'a b': { executor: 'per-vu-iterations' } } },
      'scenarios.a b: a scenario name has letters and digits of any script, _ and - only; write "a_b"',
    ],
    [
      { scenarios: { a: { executor: 'shared-iterations', vus: 5, iterations: 4 } } },
      'scenarios.a.iterations: expected at least as many iterations as VUs: a VU without an iteration would do nothing',
    ],

    [
      ramp(undefined),
      'scenarios.a.stages: expected a list of stages such as { duration: "30s", target: 20 }, got undefined',
    ],
    [ramp({}), 'scenarios.a.stages: expected a list of stages such as { duration: "30s", target: 20 }, got {}'],
    [ramp([]), 'scenarios.a.stages: expected at least one stage that takes time'],
    [ramp([{ duration: '0s', target: 5 }]), 'scenarios.a.stages: expected at least one stage that takes time'],
    [ramp([5]), 'scenarios.a.stages[0]: expected an object, got 5'],
    [ramp([{ target: 5 }]), 'scenarios.a.stages[0].duration: is required'],
    [
      ramp([
        { duration: '5s', target: 1 },
        { duration: 'x', target: -1 },
      ]),
      `scenarios.a.stages[1].duration: ${DURATION}, got "x"`,
      'scenarios.a.stages[1].target: expected a whole number from 0 to 100,000, got -1',
    ],

    [arriving({ rate: 0 }), 'scenarios.a.rate: expected a number above 0, got 0'],
    [arriving({ rate: '10' }), 'scenarios.a.rate: expected a number above 0, got "10"'],
    [arriving({ rate: Number.POSITIVE_INFINITY }), 'scenarios.a.rate: expected a number above 0, got Infinity'],
    [arriving({ rate: 100_001 }), 'scenarios.a.rate: expected at most 100,000 iterations a second'],
    [arriving({ rate: 101, timeUnit: '1ms' }), 'scenarios.a.rate: expected at most 100,000 iterations a second'],
    [
      arriving({ timeUnit: '0s' }),
      'scenarios.a.timeUnit: expected a duration from 1ms to 30d such as "30s" or "1m30s", got "0s"',
    ],
    [arriving({ preAllocatedVUs: 0 }), `scenarios.a.preAllocatedVUs: ${WHOLE}, got 0`],
    [arriving({ maxVUs: 1e6 }), `scenarios.a.maxVUs: ${WHOLE}, got 1000000`],
    [arriving({ maxVUs: 4 }), 'scenarios.a.maxVUs: expected at least preAllocatedVUs, 5, got 4'],
    ...['poison', { gamma: 0 }, { gamma: 2000 }, { gamma: 1, shape: 2 }, 5].map((arrivals): [object, string] => [
      arriving({ arrivals }),
      `scenarios.a.arrivals: expected "uniform", "poisson" or { gamma: burstiness } from 0.01 to 1000, got ${
        typeof arrivals === 'string' ? '"poison"' : inspect(arrivals)
      }`,
    ]),
    [
      { scenarios: { a: { executor: 'constant-arrival-rate' } } },
      'scenarios.a.rate: is required',
      'scenarios.a.duration: is required',
      'scenarios.a.preAllocatedVUs: is required',
    ],
    [rampingRate({ startRate: -1 }), 'scenarios.a.startRate: expected a number of 0 or above, got -1'],
    [
      rampingRate({ stages: [{ duration: '5s', target: -1 }] }),
      'scenarios.a.stages[0].target: expected a number of 0 or above, got -1',
    ],
    [
      rampingRate({ stages: [{ duration: '5s', target: 1e6 }] }),
      'scenarios.a.stages: expected at most 100,000 iterations a second',
    ],
    [rampingRate({ stages: [{ duration: '5s', target: 0 }] }), 'scenarios.a.stages: expected a rate above 0 somewhere'],
    [rampingRate({ stages: [] }), 'scenarios.a.stages: expected at least one stage that takes time'],
    [rampingRate({ maxVUs: 1 }), 'scenarios.a.maxVUs: expected at least preAllocatedVUs, 5, got 1'],

    [constant({ startAfter: 5 }), 'scenarios.a.startAfter: expected a text, got 5'],
    [constant({ startAfter: 'b' }), 'scenarios.a.startAfter: no scenario is called b; there are: a'],
    [constant({ startAfter: 'a' }), 'scenarios.a.startAfter: a scenario cannot start after itself'],
    [
      chain({ a: 'b', b: 'a' }),
      'scenarios.a.startAfter: is circular: a after b after a',
      'scenarios.b.startAfter: is circular: b after a after b',
    ],
    [
      chain({ first: 'b', a: 'b', b: 'c', c: 'a' }),
      'scenarios.a.startAfter: is circular: a after b after c after a',
      'scenarios.b.startAfter: is circular: b after c after a after b',
      'scenarios.c.startAfter: is circular: c after a after b after c',
    ],

    [
      {
        scenarios: {
          a: { executor: 'constant-arrival-rate', rate: 0, duration: '5s', preAllocatedVUs: 5, startAfter: 'c' },
          b: { executor: 'per-vu-iterations', vus: 0, startAfter: 'b' },
        },
      },
      'scenarios.a.rate: expected a number above 0, got 0',
      `scenarios.b.vus: ${WHOLE}, got 0`,
      'scenarios.a.startAfter: no scenario is called c; there are: a, b',
      'scenarios.b.startAfter: a scenario cannot start after itself',
    ],
  ];
  for (const [options, ...problems] of table) {
    it(`are refused: ${problems.join('; ')}`, () => assert.deepEqual(problemsOf(options), problems));
  }
});
