import assert from 'node:assert/strict';
import { constant, DURATION, LONG_ENOUGH, ramp, rampingRate, WHOLE } from './option-samples.js';
import { problemsOf } from './planned.js';

describe('invalid options', () => {
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
    [{ duration: '10' }, `duration: ${LONG_ENOUGH}, got "10"; write "10s" or "10ms"`],
    [{ duration: 10 }, `duration: ${LONG_ENOUGH}, got 10; write "10s" or "10ms"`],
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

    [{ reader: 'c' }, `reader: expected 'auto', 'native' or 'js', got "c"`],
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

    [{ vu: 5 }, 'vu: there is no such option; did you mean "vus"?'],
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

  it('translate names of other tools, and list the valid ones once', () => {
    const [users, unlike] = problemsOf({ users: 5, zzz: 2 });
    assert.equal(users, 'users: there is no such option; did you mean "vus"?');
    assert.match(unlike!, /^zzz: there is no such option; there are: baseUrl, /);
  });

  it('show at most a line of the value', () => {
    const [problem] = problemsOf({ tags: Array.from({ length: 500 }, () => 'long '.repeat(100)) });
    assert.ok(problem!.length < 150, problem);
    const [text] = problemsOf({ duration: 'x'.repeat(1000) });
    assert.match(text!, /got "x{59}…$/);
  });
});
