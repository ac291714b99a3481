import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { problemsOf } from './planned.js';

const WHOLE = 'expected a whole number from 1 to 100,000';
const EXECUTORS =
  'expected one of constant-vus, ramping-vus, shared-iterations, per-vu-iterations, constant-arrival-rate, ' +
  'ramping-arrival-rate, trace';
const DURATION = 'expected a duration of up to 30d such as "30s" or "1m30s"';
const LONG_ENOUGH = 'expected a duration from 1s to 30d such as "30s" or "1m30s"';

/** A constant load with one more field, or another. */
function constant(fields: object): object {
  return { scenarios: { a: { executor: 'constant-vus', duration: '10s', ...fields } } };
}

/** Ten arrivals a second with one more field, or another. */
function arriving(fields: object): object {
  const rate = { executor: 'constant-arrival-rate', rate: 10, duration: '10s', preAllocatedVUs: 5 };
  return { scenarios: { a: { ...rate, ...fields } } };
}

function rampingRate(fields: object): object {
  const rate = { executor: 'ramping-arrival-rate', stages: [{ duration: '10s', target: 5 }], preAllocatedVUs: 5 };
  return { scenarios: { a: { ...rate, ...fields } } };
}

/** One after the other. */
function chain(after: Readonly<Record<string, string>>, names: readonly string[] = Object.keys(after)): object {
  const scenarios = names.map((name) => [name, { executor: 'per-vu-iterations', startAfter: after[name] }]);
  return { scenarios: Object.fromEntries(scenarios) };
}

function ramp(stages: unknown): object {
  return { scenarios: { a: { executor: 'ramping-vus', stages } } };
}

describe('options that are no good', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;

  const table: readonly (readonly [options: unknown, ...problems: string[]])[] = [
    [5, 'options: expected an object, got 5'],
    ['vus', 'options: expected an object, got "vus"'],
    [[], 'options: expected an object, got []'],
    [() => ({}), 'options: expected an object, got a function'],

    [{ vus: 0 }, `vus: ${WHOLE}, got 0`],
    [{ vus: -1 }, `vus: ${WHOLE}, got -1`],
    [{ vus: 1.5 }, `vus: ${WHOLE}, got 1.5`],
    [{ vus: 1e9 }, `vus: ${WHOLE}, got 1000000000`],
    [{ vus: Number.NaN }, `vus: ${WHOLE}, got NaN`],
    [{ vus: Number.POSITIVE_INFINITY }, `vus: ${WHOLE}, got Infinity`],
    [{ vus: '5' }, `vus: ${WHOLE}, got "5"`],
    [{ vus: null }, `vus: ${WHOLE}, got null`],
    [{ vus: true }, `vus: ${WHOLE}, got true`],
    [{ vus: [5] }, `vus: ${WHOLE}, got [ 5 ]`],
    [{ vus: 5n }, `vus: ${WHOLE}, got 5n`],
    [{ vus: Symbol('five') }, `vus: ${WHOLE}, got Symbol(five)`],
    [{ vus: () => 5 }, `vus: ${WHOLE}, got a function`],
    [{ iterations: 0 }, 'iterations: expected a whole number from 1 to 1,000,000,000, got 0'],
    [{ seed: -1 }, 'seed: expected a whole number from 0 to 9,007,199,254,740,991, got -1'],

    [{ duration: 'soon' }, `duration: ${LONG_ENOUGH}, got "soon"`],
    [{ duration: '10' }, `duration: ${LONG_ENOUGH}, got "10"`],
    [{ duration: 10 }, `duration: ${LONG_ENOUGH}, got 10`],
    [{ duration: '999ms' }, `duration: ${LONG_ENOUGH}, got "999ms"`],
    [{ duration: '31d' }, `duration: ${LONG_ENOUGH}, got "31d"`],
    [{ duration: Number.NaN }, `duration: ${LONG_ENOUGH}, got NaN`],
    [{ duration: {} }, `duration: ${LONG_ENOUGH}, got {}`],
    [{ setupTimeout: 0 }, 'setupTimeout: expected a duration from 1ms to 30d such as "30s" or "1m30s", got 0'],

    [{ baseUrl: '' }, 'baseUrl: expected a URL, got ""'],
    [{ model: 5 }, 'model: expected a text, got 5'],
    [
      { protocol: 'grpc' },
      'protocol: expected one of anthropic, chat, complete, embed, gemini, ollama, responses, tgi, got "grpc"',
    ],
    [
      { protocol: 'toString' },
      'protocol: expected one of anthropic, chat, complete, embed, gemini, ollama, responses, tgi, got "toString"',
    ],
    [{ apiKey: ['sk-secret'] }, 'apiKey: expected a text'],
    [{ tags: [] }, 'tags: expected an object of texts, numbers, true or false, got []'],
    [
      { tags: { team: undefined } },
      'tags: expected an object of texts, numbers, true or false, got { team: undefined }',
    ],
    [
      { tags: circular },
      'tags: expected an object of texts, numbers, true or false, got <ref *1> { self: [Circular *1] }',
    ],

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
      'scenarios.a b: a scenario name may have letters, digits, _ and - only',
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

    [{ warmup: -1 }, `warmup: ${DURATION}, got -1`],
    [{ minIterationDuration: 'x' }, `minIterationDuration: ${DURATION}, got "x"`],
    [
      { duration: '10s', warmup: '10s' },
      'warmup: the load is at its maximum for 10s, so nothing would remain: expected less than that',
    ],
    [
      { ...rampingRate({}), warmup: '1s' },
      'warmup: the load never stays at its maximum, so there is no steady state to warm up for',
    ],

    [
      { vu: 5 },
      'vu: there is no such option; did you mean "vus"? There are: baseUrl, baseUrls, model, apiKey, tls, insecureSkipTLSVerify, ' +
        'http2, preflight, protocol, serverMetrics, tokenizer, scenarios, vus, duration, iterations, ' +
        'stages, thresholds, tags, labels, setupTimeout, teardownTimeout, handleSummaryTimeout, noSetup, noTeardown, ' +
        'noThresholds, allowEmptyThresholds, minIterationDuration, connectBackoff, warmup, seed, workers, batch, batchPerHost, maxRedirects, userAgent, discardResponseBodies, ' +
        'noCookiesReset, throw',
    ],
    [
      constant({ rate: 5 }),
      'scenarios.a.rate: there is no such option; there are: executor, exec, startTime, startAfter, gracefulStop, env, tags, vus, duration',
    ],
    [
      ramp([{ duration: '5s', target: 1, vus: 5 }]),
      'scenarios.a.stages[0].vus: there is no such option; there are: duration, target',
    ],
  ];
  for (const [options, ...problems] of table) {
    it(`are refused: ${problems.join('; ')}`, () => assert.deepEqual(problemsOf(options), problems));
  }

  it('are named all at once, wherever they are', () => {
    const options = {
      vuz: 1,
      vus: 0,
      durations: '5s',
      tags: 5,
      scenarios: {
        one: { executor: 'constant-vus', vus: 'x', duration: 'y', rate: 1, extra: 2 },
        two: { executor: 'nope' },
        'no name': { executor: 'per-vu-iterations', exec: 'none' },
      },
      thresholds: { llm_none: ['avg<5'], llm_ttft: ['p(95', { threshold: 'rate<1', abort: true }], llm_e2e: 'p(95)<5' },
    };
    const where = problemsOf(options).map((problem) => problem.slice(0, problem.indexOf(': ')));
    assert.deepEqual(where.sort(), [
      'durations',
      'scenarios.no name',
      'scenarios.no name.exec',
      'scenarios.one.duration',
      'scenarios.one.extra',
      'scenarios.one.rate',
      'scenarios.one.vus',
      'scenarios.two.executor',
      'tags',
      'thresholds.llm_e2e',
      'thresholds.llm_none',
      'thresholds.llm_ttft[0]',
      'thresholds.llm_ttft[1]',
      'thresholds.llm_ttft[1].abort',
      'vus',
      'vuz',
    ]);
  });

  it('show no more than a line of what was given', () => {
    const [problem] = problemsOf({ tags: Array.from({ length: 500 }, () => 'long '.repeat(100)) });
    assert.ok(problem!.length < 150, problem);
    const [text] = problemsOf({ duration: 'x'.repeat(1000) });
    assert.match(text!, /got "x{59}…$/);
  });
});
