import assert from 'node:assert/strict';
import { planned } from '../script/planned.js';

describe('a plan', () => {
  const options = {
    baseUrl: 'http://127.0.0.1:8000/v1',
    model: 'm',
    apiKey: 'sk-1',
    protocol: 'ollama',
    scenarios: {
      warm: { executor: 'constant-vus', vus: 2, duration: '10s', tags: { tier: 1 }, env: { A: true, B: 'x' } },
      peak: {
        executor: 'ramping-vus',
        startVUs: 0,
        stages: [
          { duration: '5s', target: 10 },
          { duration: '1m', target: 10 },
          { duration: '0s', target: 0 },
        ],
        startTime: '10s',
        exec: 'browse',
        gracefulStop: '500ms',
        gracefulRampDown: '0s',
      },
    },
    tags: { team: 'a', run: 5 },
    setupTimeout: '5s',
    seed: 7,
  };
  const { plan, warnings } = planned(options, {
    functions: ['default', 'browse'],
    overrides: { tags: { run: 'six' } },
  });
  const [warm, peak] = plan.scenarios;

  it('has each scenario with its defaults filled in', () => {
    assert.deepEqual(warm, {
      name: 'warm',
      executor: 'constant-vus',
      description: '2 looping VUs for 10s',
      exec: 'default',
      startTime: 0,
      env: { A: 'true', B: 'x' },
      tags: { tier: '1' },
      load: {
        kind: 'closed',
        steps: [{ at: 0, vus: 2 }],
        maxVus: 2,
        duration: 10_000,
        gracefulStop: 30_000,
        gracefulRampDown: 0,
      },
      firstVu: 0,
      options: { startTime: 0, gracefulStop: 30_000, vus: 2, duration: 10_000 },
    });
    assert.deepEqual([peak?.exec, peak?.startTime, peak?.env, peak?.tags], ['browse', 10_000, {}, {}]);
    assert.ok(peak?.load.kind === 'closed');
    assert.deepEqual([peak.load.gracefulStop, peak.load.gracefulRampDown], [500, 0]);
  });

  it('numbers the users through all scenarios', () => {
    assert.deepEqual([warm?.firstVu, peak?.firstVu, plan.vus], [0, 2, 12]);
  });

  it('lasts until the last scenario stops starting iterations', () => {
    assert.equal(plan.duration, 75_000);
    assert.deepEqual(plan.steady, { from: 15_000, to: 75_000 });
  });

  it("has the file's tags, overridden by the command line's", () => {
    assert.deepEqual(plan.options.tags, { team: 'a', run: 'six' });
  });

  it("has the file's other options", () => {
    const { places: _, ...target } = plan.target;
    assert.deepEqual(target, {
      baseUrls: ['http://127.0.0.1:8000/v1'],
      model: 'm',
      apiKey: 'sk-1',
      preflight: true,
      protocol: 'ollama',
    });
    assert.deepEqual([plan.options.setupTimeout, plan.options.teardownTimeout, plan.options.seed], [5000, 60_000, 7]);
    assert.deepEqual(warnings, []);
  });

  it('has defaults where the file has no options', () => {
    const bare = planned({}).plan;
    const { places: _, ...target } = bare.target;
    assert.deepEqual(target, { baseUrls: [], model: undefined, apiKey: undefined, preflight: true, protocol: 'chat' });
    assert.deepEqual([bare.options.seed, bare.options.tags, bare.thresholds, bare.submetrics], [undefined, {}, [], []]);
    assert.deepEqual([bare.vus, bare.duration], [1, 600_000]);
  });

  it('can be cloned to a worker', () => assert.deepEqual(structuredClone(plan), plan));

  it('starts scenarios after others at the latest possible time, then as they ended', () => {
    const { scenarios, duration, steady } = planned({
      scenarios: {
        last: { executor: 'constant-vus', vus: 9, duration: '10s', startAfter: 'middle' },
        first: { executor: 'constant-vus', duration: '10s', gracefulStop: '5s', startTime: '2s' },
        middle: { executor: 'per-vu-iterations', maxDuration: '1m', startAfter: 'first', startTime: '3s' },
      },
    }).plan;
    const found = scenarios.map(({ name, startTime, startAfter }) => [name, startTime, startAfter]);
    assert.deepEqual(found, [
      ['last', 110_000, { scenario: 'middle', pause: 0 }],
      ['first', 2000, undefined],
      ['middle', 20_000, { scenario: 'first', pause: 3000 }],
    ]);
    assert.deepEqual(scenarios[2]?.options.startAfter, 'first');
    assert.equal(duration, 120_000);
    assert.deepEqual(steady, { from: 110_000, to: 120_000 });
  });

  it('begins its steady state after the warm-up', () => {
    const { steady, options: made } = planned({ ...options, warmup: '20s' }, { functions: ['default', 'browse'] }).plan;
    assert.deepEqual([steady, made.warmup], [{ from: 35_000, to: 75_000 }, 20_000]);
  });

  it('numbers users that may be created later as well', () => {
    const { scenarios, vus } = planned({
      scenarios: {
        a: { executor: 'constant-arrival-rate', rate: 5, duration: '5s', preAllocatedVUs: 2, maxVUs: 7 },
        b: { executor: 'per-vu-iterations' },
      },
    }).plan;
    assert.deepEqual([scenarios.map(({ firstVu }) => firstVu), vus], [[0, 7], 8]);
  });
});
