import assert from 'node:assert/strict';
import { UserError } from '../../../engine/errors.js';
import { findSources } from '../../../engine/options/settings.js';
import { testFolder } from '../../support/folder.js';
import { type OptionsBySource, planFrom, withoutFolder } from './options-by-source.js';

const STAGES = [{ duration: '10s', target: 5 }];
const SCENARIOS = { a: { executor: 'constant-vus', vus: 4, duration: '20s' } };

describe('invalid options in layers', () => {
  const folder = testFolder();

  const WHOLE = 'expected a whole number from 1 to 100,000';
  const problems: readonly (readonly [said: OptionsBySource, ...problems: string[]])[] = [
    [{ config: { vus: 0 } }, `config.json: vus: ${WHOLE}, got 0`],
    [
      { config: { scenarios: { a: { executor: 'constant-vus', vus: 'x' } } } },
      `config.json: scenarios.a.vus: ${WHOLE}, got "x"`,
      'config.json: scenarios.a.duration: is required',
    ],
    [{ config: '5' }, 'config.json: expected an object, got 5'],
    [{ config: '[]' }, 'config.json: expected an object, got []'],
    [
      { config: '{\n  "apiKey": "sk-secret",\n  "vus": 3,,\n}' },
      'config.json:3:12: not JSON: Expected string in JSON but found ","',
    ],
    [{ config: '' }, 'config.json:1:1: not JSON: Unexpected end of file in JSON'],
    [
      { config: { thresholds: { llm_none: ['avg<1'], llm_ttft: ['avg'] } } },
      'config.json: thresholds.llm_none: there is no metric called llm_none',
      'config.json: thresholds.llm_ttft[0]: cannot read "avg"; a condition looks like p(95)<500 or rate>=0.99',
    ],
    [{ env: { TOKENSWARM_VUS: '0' } }, `TOKENSWARM_VUS: ${WHOLE}, got 0`],
    [{ env: { TOKENSWARM_VUS: 'many' } }, `TOKENSWARM_VUS: ${WHOLE}, got "many"`],
    [{ env: { TOKENSWARM_PREFLIGHT: 'no' } }, 'TOKENSWARM_PREFLIGHT: expected true or false, got "no"'],
    [{ env: { TOKENSWARM_TAGS: 'a=1,b' } }, 'TOKENSWARM_TAGS: expected NAME=value, got "b"'],
    [{ env: { TOKENSWARM_STAGES: '30s' } }, 'TOKENSWARM_STAGES: expected time:users such as 30s:20, got "30s"'],
    [{ env: { TOKENSWARM_STAGES: '30s:x' } }, 'TOKENSWARM_STAGES: expected a whole number from 0 to 100,000, got "x"'],
    [{ flags: { vus: 0 } }, `--vus: ${WHOLE}, got 0`],
    [{ flags: { seed: 'x' } }, '--seed: expected a whole number from 0 to 9,007,199,254,740,991, got "x"'],
    [
      { config: { vus: 2, scenarios: SCENARIOS } },
      'config.json: vus: excludes scenarios: say in one of them how much load there is',
    ],
    [{ file: { vus: 2, scenarios: SCENARIOS } }, 'vus: excludes scenarios: say in one of them how much load there is'],
    [{ config: { stages: STAGES, duration: '5s' } }, 'config.json: stages: excludes duration: use one of the two'],
    [
      { env: { TOKENSWARM_STAGES: '1s:1', TOKENSWARM_ITERATIONS: '3' } },
      'TOKENSWARM_STAGES: excludes TOKENSWARM_ITERATIONS: use one of the two',
    ],
    [{ flags: { stages: STAGES, duration: '5s' } }, '--stage: excludes --duration: use one of the two'],
    [
      { config: { iterations: 3 }, flags: { vus: 4 } },
      'config.json: iterations: expected at least as many iterations as VUs: a VU without an iteration would do nothing',
    ],
    [
      {
        config: { vuz: 1, seed: 'x' },
        file: { vus: -1 },
        env: { TOKENSWARM_WORKERS: '0' },
        flags: { duration: 'soon' },
      },
      'config.json: seed: expected a whole number from 0 to 9,007,199,254,740,991, got "x"',
      'config.json: vuz: there is no such option; did you mean "vus"?',
      `vus: ${WHOLE}, got -1`,
      'TOKENSWARM_WORKERS: expected a whole number from 1 to 512, got 0',
      '--duration: expected a duration from 1s to 30d such as "30s" or "1m30s", got "soon"',
    ],
  ];
  for (const [said, ...expected] of problems) {
    it(`are refused: ${expected.join('; ')}`, async () => {
      await assert.rejects(planFrom(folder, said), (error: UserError) => {
        assert.equal(error.exitCode, 104);
        const lines = withoutFolder(folder, error.message).split('\n');
        assert.deepEqual(
          lines.map((line) => line.replace(/(there are: ).*/i, '$1…')),
          expected,
        );
        return true;
      });
    });
  }

  it('name a missing or invalid config file', async () => {
    for (const [path, what] of [
      [`${folder.path}/none.json`, 'there is no such config file'],
      [folder.path, 'cannot be read: EISDIR'],
    ] as const) {
      const { below } = await findSources({ config: path, environment: {} }, 'command line');
      const problem = below.flatMap(({ problems = [] }) => problems)[0];
      assert.equal(problem?.where, path);
      assert.ok(problem?.message.startsWith(what), problem?.message);
    }
  });

  it('of a program are named as given', async () => {
    const flags = { vus: 0, vuz: 1, env: { A: {} }, scenarios: { a: { executor: 'constant-vus' } } };
    await assert.rejects(planFrom(folder, { flags }, 'program'), (error: UserError) => {
      assert.deepEqual(
        error.message.split('\n').map((line) => line.slice(0, line.indexOf(': '))),
        ['settings.env', 'settings.vus', 'settings.vuz', 'settings.scenarios.a.duration'],
      );
      return true;
    });
  });

  it('do not show keys', async () => {
    const said: OptionsBySource = {
      config: '{ "apiKey": sk-secret }',
      env: { TOKENSWARM_API_KEY: 'sk-secret' },
      file: { vus: 0 },
    };
    await assert.rejects(planFrom(folder, said), (error: UserError) => {
      assert.ok(error instanceof UserError && !error.message.includes('secret'), error.message);
      return true;
    });
  });
});
