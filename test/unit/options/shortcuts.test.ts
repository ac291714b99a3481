import assert from 'node:assert/strict';
import { planned, problemsOf } from '../script/planned.js';

const STAGES = [{ duration: '10s', target: 5 }];
const IN_MS = [{ duration: 10_000, target: 5 }];
const SCENARIOS = { a: { executor: 'constant-vus', vus: 4, duration: '20s' } };

/** The one scenario that shortcuts become, in short. */
function scenarioOf(options: object, overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { scenarios } = planned(options, { overrides }).plan;
  assert.equal(scenarios.length, 1);
  const { name, executor, options: given } = scenarios[0]!;
  const { startTime, gracefulStop, gracefulRampDown, ...rest } = given;
  assert.deepEqual([startTime, gracefulStop, gracefulRampDown ?? 30_000], [0, 30_000, 30_000]);
  return { name, executor, ...rest };
}

describe('shortcuts', () => {
  const table: readonly (readonly [what: string, options: object, scenario: object])[] = [
    [
      'nothing is one iteration of one user',
      {},
      { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: 600_000 },
    ],
    [
      'users alone have one iteration each',
      { vus: 7 },
      { executor: 'shared-iterations', vus: 7, iterations: 7, maxDuration: 600_000 },
    ],
    ['a duration is that of one user', { duration: '30s' }, { executor: 'constant-vus', vus: 1, duration: 30_000 }],
    [
      'users iterate for a duration',
      { vus: 7, duration: '30s' },
      { executor: 'constant-vus', vus: 7, duration: 30_000 },
    ],
    [
      'iterations are those of one user',
      { iterations: 9 },
      { executor: 'shared-iterations', vus: 1, iterations: 9, maxDuration: 600_000 },
    ],
    [
      'iterations are shared among users',
      { vus: 7, iterations: 9 },
      { executor: 'shared-iterations', vus: 7, iterations: 9, maxDuration: 600_000 },
    ],
    [
      'a duration is the longest that iterations may take',
      { vus: 7, iterations: 9, duration: '30s' },
      { executor: 'shared-iterations', vus: 7, iterations: 9, maxDuration: 30_000 },
    ],
    ['stages start with one user', { stages: STAGES }, { executor: 'ramping-vus', startVUs: 1, stages: IN_MS }],
    [
      'stages start with the users',
      { vus: 3, stages: STAGES },
      { executor: 'ramping-vus', startVUs: 3, stages: IN_MS },
    ],
  ];
  for (const [what, options, scenario] of table) {
    it(`in the file: ${what}`, () => assert.deepEqual(scenarioOf(options), { name: 'default', ...scenario }));
    it(`on the command line: ${what}`, () => {
      const overrides = options as Readonly<Record<string, unknown>>;
      assert.deepEqual(scenarioOf({}, overrides), { name: 'default', ...scenario });
    });
  }

  it('may be undefined', () => {
    assert.equal(scenarioOf({ vus: undefined, duration: '5s' }).vus, 1);
    assert.equal(planned(undefined).plan.scenarios.length, 1);
    assert.equal(planned(null).plan.scenarios.length, 1);
  });
});

describe('flags over the file', () => {
  const layers: readonly (readonly [
    what: string,
    file: object,
    flags: Readonly<Record<string, unknown>>,
    scenario: object,
  ])[] = [
    [
      'users change the number only',
      { vus: 2, duration: '30s' },
      { vus: 9 },
      { executor: 'constant-vus', vus: 9, duration: 30_000 },
    ],
    [
      'users change where stages start',
      { vus: 2, stages: STAGES },
      { vus: 9 },
      { executor: 'ramping-vus', startVUs: 9, stages: IN_MS },
    ],
    [
      'a duration changes the duration',
      { vus: 2, duration: '30s' },
      { duration: '5s' },
      { executor: 'constant-vus', vus: 2, duration: 5000 },
    ],
    [
      'a duration replaces iterations, and the users stay',
      { vus: 2, iterations: 10 },
      { duration: '5s' },
      { executor: 'constant-vus', vus: 2, duration: 5000 },
    ],
    [
      'iterations replace a duration',
      { vus: 2, duration: '30s' },
      { iterations: 10 },
      { executor: 'shared-iterations', vus: 2, iterations: 10, maxDuration: 600_000 },
    ],
    [
      'stages replace a duration',
      { vus: 2, duration: '30s' },
      { stages: STAGES },
      { executor: 'ramping-vus', startVUs: 2, stages: IN_MS },
    ],
  ];
  for (const [what, file, flags, scenario] of layers) {
    it(what, () => {
      assert.deepEqual(scenarioOf(file, flags), { name: 'default', ...scenario });
      assert.deepEqual(planned(file, { overrides: flags }).warnings, []);
    });
  }

  const replaced: readonly (readonly [flags: Readonly<Record<string, unknown>>, warning: string])[] = [
    [{ vus: 3 }, 'the scenarios of the file are replaced by --vus'],
    [{ vus: 3, duration: '5s' }, 'the scenarios of the file are replaced by --vus and --duration'],
    [{ stages: STAGES }, 'the scenarios of the file are replaced by --stage'],
    [
      { vus: 3, duration: '5s', iterations: 9 },
      'the scenarios of the file are replaced by --vus, --duration and --iterations',
    ],
  ];
  for (const [flags, warning] of replaced) {
    it(`are warned of: ${warning}`, () => {
      const { plan, warnings } = planned({ scenarios: SCENARIOS }, { overrides: flags });
      assert.deepEqual(warnings, [warning]);
      assert.deepEqual(
        plan.scenarios.map(({ name }) => name),
        ['default'],
      );
    });
  }
});

describe('shortcuts that do not go together', () => {
  const inFile: readonly (readonly [options: object, ...problems: string[]])[] = [
    [{ stages: STAGES, duration: '5s' }, 'stages: excludes duration: use one of the two'],
    [{ stages: STAGES, iterations: 5 }, 'stages: excludes iterations: use one of the two'],
    [
      { stages: STAGES, iterations: 5, duration: '5s' },
      'stages: excludes duration: use one of the two',
      'stages: excludes iterations: use one of the two',
    ],
    [
      { scenarios: SCENARIOS, vus: 5, duration: '5s' },
      'vus: excludes scenarios: say in one of them how much load there is',
      'duration: excludes scenarios: say in one of them how much load there is',
    ],
    [
      { vus: 5, iterations: 4 },
      'iterations: expected at least as many iterations as VUs: a VU without an iteration would do nothing',
    ],
  ];
  for (const [options, ...problems] of inFile) {
    it(`are refused in the file: ${problems.join('; ')}`, () => assert.deepEqual(problemsOf(options), problems));
  }

  const onCommandLine: readonly (readonly [flags: Readonly<Record<string, unknown>>, ...problems: RegExp[]])[] = [
    [{ stages: STAGES, duration: '5s' }, /^--stage: excludes --duration: use one of the two$/],
    [{ vus: 5, iterations: 4 }, /^--iterations: expected at least as many iterations as VUs/],
    [
      { vus: 'x', duration: '1ms' },
      /^--vus: expected a whole number .* got "x"$/,
      /^--duration: expected .* got "1ms"$/,
    ],
    [{ stages: [{ duration: 'x', target: 5 }] }, /^--stage: expected a duration .* got "x"$/],
    [{ stages: [{ duration: '0s', target: 5 }] }, /^--stage: expected at least one stage that takes time$/],
  ];
  for (const [overrides, ...problems] of onCommandLine) {
    it(`are refused by the names of their flags: ${problems.map(({ source }) => source).join('; ')}`, () => {
      const found = problemsOf({}, { overrides });
      assert.equal(found.length, problems.length, found.join('\n'));
      for (const [i, problem] of problems.entries()) assert.match(found[i]!, problem);
    });
  }

  it('are named by their source, the file or the command line', () => {
    const [problem] = problemsOf({ iterations: 4 }, { overrides: { vus: 5 } });
    assert.match(problem!, /^iterations: expected at least as many/);
  });

  it('need a default function to run', () => {
    const missing = 'export default: no exported function is called default; ';
    assert.deepEqual(problemsOf({ vus: 5 }, { functions: [] }), [`${missing}the file exports no function`]);
    assert.deepEqual(problemsOf({}, { functions: ['setup', 'browse'] }), [`${missing}there are: setup, browse`]);
  });
});
