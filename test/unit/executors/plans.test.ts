import assert from 'node:assert/strict';
import type { SessionIndex } from '../../../engine/data/sessions/session-index.js';
import type { Trace } from '../../../engine/data/trace-file.js';
import type { Load } from '../../../engine/executors/load.js';
import { describeLoad, EXECUTORS, planLoad, scenarioOptions } from '../../../engine/executors/registry.js';

const COMMON = { exec: 'default', startTime: 0, gracefulStop: 5000, env: {}, tags: {} };

/** Numbers on shared memory. */
function shared(...numbers: readonly number[]): Float64Array {
  const list = new Float64Array(new SharedArrayBuffer(8 * numbers.length));
  list.set(numbers);
  return list;
}

const SESSIONS: SessionIndex = {
  ...{ path: 's.jsonl', form: 'kv-cache-tester (Weka)', size: 3, files: [], clock: 'session' },
  rows: new Float64Array(0),
  starts: new Uint32Array(4),
};

const TRACE: Trace = {
  size: 2,
  at: shared(0, 1000),
  inputTokens: shared(5, 5),
  outputTokens: shared(5, 5),
  hashIds: undefined,
  hashStarts: undefined,
  blockTokens: 512,
  leftOut: 0,
  guesses: [],
};

describe('the plan of a scenario', () => {
  const table: readonly {
    options: Parameters<typeof planLoad>[0];
    load: Load;
    words: string;
  }[] = [
    {
      options: { ...COMMON, executor: 'constant-vus', vus: 7, duration: 60_000 },
      load: {
        kind: 'closed',
        steps: [{ at: 0, vus: 7 }],
        maxVus: 7,
        duration: 60_000,
        gracefulStop: 5000,
        gracefulRampDown: 0,
      },
      words: '7 looping VUs for 1m',
    },
    {
      options: { ...COMMON, executor: 'shared-iterations', vus: 3, iterations: 50, maxDuration: 600_000 },
      load: {
        kind: 'closed',
        steps: [{ at: 0, vus: 3 }],
        maxVus: 3,
        duration: 600_000,
        gracefulStop: 5000,
        gracefulRampDown: 0,
        iterations: { shared: 50 },
      },
      words: '50 iterations shared among 3 VUs, at most 10m',
    },
    {
      options: { ...COMMON, executor: 'per-vu-iterations', vus: 3, iterations: 50, maxDuration: 1500 },
      load: {
        kind: 'closed',
        steps: [{ at: 0, vus: 3 }],
        maxVus: 3,
        duration: 1500,
        gracefulStop: 5000,
        gracefulRampDown: 0,
        iterations: { perVu: 50 },
      },
      words: '50 iterations for each of 3 VUs, at most 1.5s',
    },
    {
      options: {
        ...COMMON,
        executor: 'ramping-vus',
        startVUs: 1,
        stages: [{ duration: 10, target: 2 }],
        gracefulRampDown: 3,
      },
      load: {
        kind: 'closed',
        steps: [
          { at: 0, vus: 1 },
          { at: 10, vus: 2 },
        ],
        maxVus: 2,
        duration: 10,
        gracefulStop: 5000,
        gracefulRampDown: 3,
      },
      words: 'up to 2 looping VUs for 10ms over 1 stage',
    },
    {
      options: {
        ...COMMON,
        executor: 'constant-arrival-rate',
        rate: 30,
        timeUnit: 60_000,
        duration: 90_000,
        preAllocatedVUs: 4,
        arrivals: 'uniform',
      },
      load: {
        kind: 'open',
        legs: [{ duration: 90_000, from: 30, to: 30 }],
        timeUnit: 60_000,
        arrivals: 'uniform',
        beginsAtOnce: true,
        plannedVus: 4,
        maxVus: 4,
        duration: 90_000,
        gracefulStop: 5000,
      },
      words: '30 iterations/1m for 1m30s (4 VUs)',
    },
    {
      options: {
        ...COMMON,
        executor: 'ramping-arrival-rate',
        startRate: 2,
        timeUnit: 1000,
        stages: [
          { duration: 10_000, target: 20 },
          { duration: 0, target: 50 },
          { duration: 5000, target: 50 },
        ],
        preAllocatedVUs: 10,
        maxVUs: 40,
        arrivals: { gamma: 0.5 },
      },
      load: {
        kind: 'open',
        legs: [
          { duration: 10_000, from: 2, to: 20 },
          { duration: 5000, from: 50, to: 50 },
        ],
        timeUnit: 1000,
        arrivals: { gamma: 0.5 },
        beginsAtOnce: false,
        plannedVus: 10,
        maxVus: 40,
        duration: 15_000,
        gracefulStop: 5000,
      },
      words: 'up to 50 iterations/s for 15s over 3 stages (gamma 0.5, 10 to 40 VUs)',
    },
    {
      options: { ...COMMON, executor: 'trace', file: 'a.csv', speed: 2, from: 0, preAllocatedVUs: 10 },
      load: {
        kind: 'open',
        legs: [{ duration: 1000, from: 2, to: 2 }],
        timeUnit: 1000,
        arrivals: 'uniform',
        beginsAtOnce: true,
        due: shared(0, 500),
        trace: { first: 0, rows: TRACE },
        plannedVus: 10,
        maxVus: 10,
        duration: 1000,
        gracefulStop: 5000,
      },
      words: '2 requests of a.csv at 2 times their speed for 1s (10 VUs)',
    },
    {
      options: {
        ...{ ...COMMON, executor: 'sessions', file: 's.jsonl', vus: 4, duration: 60_000, gapCap: 10_000, speed: 2 },
        ...{ startWithin: [0, 1], order: 'shuffled', pace: 'gaps' },
      },
      load: {
        ...{ kind: 'closed', steps: [{ at: 0, vus: 4 }], maxVus: 4, duration: 60_000, gracefulStop: 5000 },
        gracefulRampDown: 0,
        sessions: { index: SESSIONS, gapCap: 10_000, speed: 2, startWithin: [0, 1], isShuffled: true },
      },
      words: '3 sessions of s.jsonl on 4 lanes at 2 times their speed for 1m, gaps of 10s at most',
    },
  ];
  for (const { options, load, words } of table) {
    it(`of ${options.executor} is made of its options`, () => {
      assert.deepEqual(
        planLoad(
          options,
          () => TRACE,
          () => SESSIONS,
        ),
        load,
      );
      assert.equal(describeLoad(options, load), words);
    });
  }

  it('is tested for every executor', () => {
    assert.deepEqual(table.map(({ options }) => options.executor).sort(), [...EXECUTORS].sort());
    assert.equal(scenarioOptions.options.length, EXECUTORS.length);
  });
});
