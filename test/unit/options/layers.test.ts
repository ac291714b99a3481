import assert from 'node:assert/strict';
import { basename } from 'node:path';
import type { Plan } from '../../../engine/options/plan.js';
import { findSources } from '../../../engine/options/settings.js';
import { testFolder } from '../../support/folder.js';
import { type OptionsBySource, planFrom } from './options-by-source.js';

const STAGES = [{ duration: '10s', target: 5 }];
const SCENARIOS = { a: { executor: 'constant-vus', vus: 4, duration: '20s' } };
const MIN10 = 600_000;

describe('options in layers', () => {
  const folder = testFolder();

  /** A plan's scenarios in short: name, executor, options of its load. */
  function loadOf({ scenarios }: Plan): readonly unknown[] {
    return scenarios.map(({ name, executor, options }) => {
      const { startTime: _, gracefulStop: __, gracefulRampDown: ___, stages, ...rest } = options;
      const legs = (stages as typeof STAGES | undefined)?.map(({ duration, target }) => `${duration}:${target}`);
      return [name, executor, ...Object.values(rest), ...(legs ?? [])].join(' ');
    });
  }

  const loads: readonly (readonly [
    what: string,
    said: OptionsBySource,
    load: string | readonly string[],
    warning?: string,
  ])[] = [
    ['nothing is one iteration of one user', {}, `default per-vu-iterations 1 1 ${MIN10}`],
    ['a config alone says it all', { config: { vus: 3, duration: '5s' } }, 'default constant-vus 3 5000'],
    ['a config may have scenarios', { config: { scenarios: SCENARIOS } }, 'a constant-vus 4 20000'],
    [
      'the file goes over the config',
      { config: { vus: 3, duration: '5s' }, file: { duration: '6s' } },
      'default constant-vus 3 6000',
    ],
    [
      "the file's scenarios go over the config's",
      { config: { scenarios: SCENARIOS }, file: { scenarios: { b: SCENARIOS.a } } },
      'b constant-vus 4 20000',
    ],
    [
      "the file's scenarios go over the config's shortcuts, without a word",
      { config: { vus: 3, stages: STAGES }, file: { scenarios: SCENARIOS } },
      'a constant-vus 4 20000',
    ],
    [
      "the file's shortcuts replace the config's scenarios",
      { config: { scenarios: SCENARIOS }, file: { vus: 2, iterations: 8 } },
      `default shared-iterations 2 8 ${MIN10}`,
      'the scenarios of config.json are replaced by vus and iterations',
    ],
    [
      'the environment goes over the file',
      { file: { vus: 2, duration: '5s' }, env: { TOKENSWARM_VUS: '7' } },
      'default constant-vus 7 5000',
    ],
    [
      "the environment's duration replaces iterations",
      { file: { vus: 2, iterations: 5 }, env: { TOKENSWARM_DURATION: '1m' } },
      'default constant-vus 2 60000',
    ],
    [
      "the environment's iterations replace a duration",
      { file: { vus: 2, duration: '5s' }, env: { TOKENSWARM_ITERATIONS: '9' } },
      `default shared-iterations 2 9 ${MIN10}`,
    ],
    [
      "the environment's stages replace a duration",
      { file: { duration: '5s' }, env: { TOKENSWARM_STAGES: '30s:20,1m:50' } },
      'default ramping-vus 1 30000:20 60000:50',
    ],
    [
      "the environment replaces the file's scenarios",
      { file: { scenarios: SCENARIOS }, env: { TOKENSWARM_VUS: '2', TOKENSWARM_DURATION: '5s' } },
      'default constant-vus 2 5000',
      'the scenarios of the file are replaced by TOKENSWARM_VUS and TOKENSWARM_DURATION',
    ],
    [
      'flags go over the environment',
      { env: { TOKENSWARM_VUS: '2', TOKENSWARM_DURATION: '5s' }, flags: { vus: 9 } },
      'default constant-vus 9 5000',
    ],
    [
      "flags replace the environment's load, and leave its users",
      { env: { TOKENSWARM_VUS: '2', TOKENSWARM_STAGES: '1s:3' }, flags: { iterations: 4 } },
      `default shared-iterations 2 4 ${MIN10}`,
    ],
    [
      "flags replace the file's scenarios",
      { file: { scenarios: SCENARIOS }, flags: { stages: STAGES } },
      'default ramping-vus 1 10000:5',
      'the scenarios of the file are replaced by --stage',
    ],
    [
      "flags replace the config's scenarios",
      { config: { scenarios: SCENARIOS }, flags: { vus: 3 } },
      `default shared-iterations 3 3 ${MIN10}`,
      'the scenarios of config.json are replaced by --vus',
    ],
    [
      'users of the lowest layer go through all layers',
      { config: { vus: 8 }, file: { duration: '5s' }, env: { TOKENSWARM_ITERATIONS: '9' }, flags: { stages: STAGES } },
      'default ramping-vus 8 10000:5',
    ],
    [
      'users do not go through scenarios',
      { config: { vus: 8 }, file: { scenarios: SCENARIOS }, flags: { duration: '5s' } },
      'default constant-vus 1 5000',
      'the scenarios of the file are replaced by --duration',
    ],
    [
      'iterations with a duration are one shortcut of two',
      { file: { vus: 2, iterations: 5 }, flags: { iterations: 6, duration: '9s' } },
      'default shared-iterations 2 6 9000',
    ],
    [
      'what flags replace may even be scenarios that nobody could run',
      { file: { scenarios: { a: { executor: 'none' } } }, flags: { vus: 1 } },
      `default shared-iterations 1 1 ${MIN10}`,
      'the scenarios of the file are replaced by --vus',
    ],
    ['an empty variable says nothing', { env: { TOKENSWARM_VUS: '' } }, `default per-vu-iterations 1 1 ${MIN10}`],
    [
      'a variable that does not exist is warned of',
      { env: { TOKENSWARM_VUZ: '3' } },
      `default per-vu-iterations 1 1 ${MIN10}`,
      'TOKENSWARM_VUZ: unknown variable; docs/options.md lists all variables',
    ],
    [
      'variables of commands are none of the plan',
      { env: { TOKENSWARM_OUT: 'json=a', TOKENSWARM_QUIET: '1', TOKENSWARM_SIMULATE: '1' } },
      `default per-vu-iterations 1 1 ${MIN10}`,
    ],
  ];
  for (const [what, said, load, warning] of loads) {
    it(`load: ${what}`, async () => {
      const { plan, warnings } = await planFrom(folder, said);
      assert.deepEqual(loadOf(plan), typeof load === 'string' ? [load] : load);
      assert.deepEqual(warnings, warning === undefined ? [] : [warning]);
    });
  }

  const OPENAI = { OPENAI_BASE_URL: 'http://openai', OPENAI_API_KEY: 'sk-openai' };
  const others: readonly (readonly [what: string, said: OptionsBySource, expected: object])[] = [
    ['OPENAI variables come last', { env: OPENAI }, { baseUrl: 'http://openai', apiKey: 'sk-openai' }],
    ['keys lose blanks', { flags: { apiKey: ' sk-1\n' } }, { apiKey: 'sk-1' }],
    ['keys lose quotes', { env: { OPENAI_API_KEY: '"sk-1"' } }, { apiKey: 'sk-1' }],
    ['keys lose their scheme', { env: { OPENAI_API_KEY: 'Bearer sk-1' } }, { apiKey: 'sk-1' }],
    [
      'a config goes over OPENAI variables',
      { env: OPENAI, config: { baseUrl: 'http://config' } },
      { baseUrl: 'http://config', apiKey: 'sk-openai' },
    ],
    [
      'the file goes over OPENAI variables',
      { env: OPENAI, file: { baseUrl: 'http://file', apiKey: 'sk-file' } },
      { baseUrl: 'http://file', apiKey: 'sk-file' },
    ],
    [
      'TOKENSWARM variables go over all of these',
      {
        env: { ...OPENAI, TOKENSWARM_BASE_URL: 'http://ours', TOKENSWARM_API_KEY: 'sk-ours', TOKENSWARM_MODEL: 'm' },
        file: { baseUrl: 'http://file', model: 'file' },
      },
      { baseUrl: 'http://ours', apiKey: 'sk-ours', model: 'm' },
    ],
    [
      'flags go over TOKENSWARM variables',
      { env: { TOKENSWARM_BASE_URL: 'http://ours' }, flags: { baseUrl: 'http://flag' } },
      { baseUrl: 'http://flag' },
    ],
    ['empty OPENAI variables say nothing', { env: { OPENAI_BASE_URL: '' } }, { baseUrl: undefined }],
    ['the preflight is done', {}, { preflight: true }],
    ['the preflight can be left out', { config: { preflight: false } }, { preflight: false }],
    [
      'the preflight can be asked for again',
      { config: { preflight: false }, env: { TOKENSWARM_PREFLIGHT: 'true' } },
      { preflight: true },
    ],
    [
      'tags and labels are put together, the higher over the lower',
      {
        config: { tags: { a: 1, b: 1 }, labels: { x: 1 } },
        file: { tags: { b: 2, c: 2 } },
        env: { TOKENSWARM_TAGS: 'c=3,d=3', TOKENSWARM_LABELS: 'y=a=b' },
        flags: { tags: { d: '4' } },
      },
      { tags: { a: '1', b: '2', c: '3', d: '4' }, labels: { x: '1', y: 'a=b' } },
    ],
    [
      'times, seed and workers are taken from wherever they are said last',
      {
        config: { setupTimeout: '5s', teardownTimeout: '5s', seed: 1, workers: 2 },
        file: { seed: 3 },
        env: { TOKENSWARM_TEARDOWN_TIMEOUT: '1m', TOKENSWARM_WORKERS: '4' },
      },
      { setupTimeout: 5000, teardownTimeout: 60_000, seed: 3, workers: 4 },
    ],
    [
      'thresholds of the file replace those of the config',
      { config: { thresholds: { llm_ttft: ['avg<1'] } }, file: { thresholds: { llm_e2e: ['avg<2'] } } },
      { thresholds: ['llm_e2e avg<2'] },
    ],
  ];
  for (const [what, said, expected] of others) {
    it(what, async () => {
      const { plan, warnings } = await planFrom(folder, said);
      const thresholds = plan.thresholds.map(({ metric, source }) => `${metric} ${source}`);
      const found: Readonly<Record<string, unknown>> = {
        ...plan.options,
        ...plan.target,
        baseUrl: plan.target.baseUrls[0],
        thresholds,
      };
      for (const [name, value] of Object.entries(expected)) assert.deepEqual(found[name], value, name);
      assert.deepEqual(warnings, []);
    });
  }

  it('take the config file from the environment, below one that is named', async () => {
    const [low, high] = [folder.write('low.json', '{"seed":1}'), folder.write('high.json', '{"seed":2}')];
    const named = async (settings: object) => {
      const { below } = await findSources({ ...settings, environment: { TOKENSWARM_CONFIG: low } }, 'command line');
      return below.map(({ name }) => basename(name));
    };
    assert.deepEqual(await named({}), ['the environment', 'low.json']);
    assert.deepEqual(await named({ config: high }), ['the environment', 'high.json']);
  });
});
