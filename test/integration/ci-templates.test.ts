import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { COMMAND, ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks } from '../support/page.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

interface Step {
  readonly shell: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
const TEMPLATE = parse(readFileSync(join(ROOT, 'deploy/ci/gitlab.yml'), 'utf8'))['.tokenswarm'];

describe('templates for CI', function () {
  this.timeout(60_000);
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
    folder.write(
      'chat.ts',
      `import { chat } from 'tokenswarm';
       const LIMIT = __ENV.LIMIT ?? '60000';
       export const options = { thresholds: { llm_ttft: [\`p(95)<\${LIMIT}\`] } };
       export default () => chat({ messages: 'why?' });`,
    );
    // What both download.
    folder.write('bin/npm', '#!/bin/sh\nexit 0\n');
    folder.write(
      'bin/npx',
      `#!/bin/sh\n[ "$1 $2" = "--yes tokenswarm@latest" ] || exit 9\nshift 2\nexec "${process.execPath}" "${COMMAND}" "$@"\n`,
    );
    for (const tool of ['npm', 'npx']) chmodSync(join(folder.path, 'bin', tool), 0o755);
    mkdirSync(join(folder.path, 'node_modules/.bin'), { recursive: true });
    symlinkSync(ROOT, join(folder.path, 'node_modules/tokenswarm'));
    symlinkSync(COMMAND, join(folder.path, 'node_modules/.bin/tokenswarm'));
  });

  async function bash(text: string, env: Readonly<Record<string, string>>) {
    const child = spawn('bash', ['-eo', 'pipefail', '-c', text], {
      cwd: folder.path,
      env: { ...process.env, ...env, PATH: `${folder.path}/bin:${process.env.PATH}` },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (more: string) => {
        said += more;
      });
    }
    const [code] = await once(child, 'close');
    return { code: code as number, said };
  }

  const load = (more = '') =>
    `--base-url=${simulator.url}\n\n-u\n2\n-i\n12\n--model\nsim-ttft10-itl1-len5\n--summary=none\n-q\n${more}`;

  /** Runs the action as GitHub does, with these inputs. */
  async function act(inputs: Readonly<Record<string, string>>, summary: string) {
    const [step] = ACTION.runs.steps;
    assert.ok(step && ACTION.runs.steps.length === 1 && step.shell === 'bash');
    const given = Object.fromEntries(
      Object.entries(step.env).map(([name, text]) => [
        name,
        text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => {
          assert.ok(Object.hasOwn(ACTION.inputs, input), input);
          return inputs[input] ?? ACTION.inputs[input]?.default ?? '';
        }),
      ]),
    );
    const github = { GITHUB_ACTION_PATH: ROOT, GITHUB_STEP_SUMMARY: join(folder.path, summary) };
    return await bash(step.run, { ...given, ...github });
  }

  it('of GitHub run a scenario and write the summary of the step', async () => {
    const { code, said } = await act({ scenario: 'chat.ts', arguments: load() }, 'first.md');
    assert.equal(code, 0, said);
    const summary = readFileSync(join(folder.path, 'first.md'), 'utf8');
    assert.match(summary, /### \S+ chat\.ts/);
    for (const name of ['run.json', 'run.html', 'junit.xml']) readFileSync(join(folder.path, 'results', name));
    copyFileSync(join(folder.path, 'results/run.json'), join(folder.path, 'baseline.json'));
  });

  it('of GitHub fail on a threshold', async () => {
    const { code, said } = await act({ scenario: 'chat.ts', arguments: load('-e\nLIMIT=2') }, 'second.md');
    assert.equal(code, 99, said);
    assert.match(readFileSync(join(folder.path, 'second.md'), 'utf8'), /❌/);
  });

  it('of GitHub fail on a regression against a stored baseline, and say it', async () => {
    const inputs = {
      scenario: 'chat.ts',
      arguments: load('--model\nsim-ttft200-itl1-len5'),
      baseline: 'baseline.json',
    };
    const { code, said } = await act({ ...inputs, 'fail-if': 'llm_ttft:med>+50%\n' }, 'third.md');
    assert.equal(code, 99, said);
    assert.match(readFileSync(join(folder.path, 'third.md'), 'utf8'), /\| A \| baseline\.json [\s\S]*\| TTFT avg \|/);
    const { code: met } = await act({ ...inputs, 'fail-if': 'llm_ttft:med>+90000%' }, 'fourth.md');
    assert.equal(met, 0);
  });

  it('say what is missing', async () => {
    const none = await act({ scenario: 'none.ts' }, 'fifth.md');
    assert.deepEqual([none.code, /expected a scenario file, got "none\.ts"/.test(none.said)], [104, true]);
    const lost = await act({ scenario: 'chat.ts', baseline: 'lost.json' }, 'sixth.md');
    assert.deepEqual([lost.code, /there is no record at lost\.json/.test(lost.said)], [104, true]);
  });

  it('of GitLab run a scenario, and keep its reports', async () => {
    const { script, variables, artifacts } = TEMPLATE;
    const given = { LOAD_TEST_SCENARIO: 'chat.ts', LOAD_TEST_ARGUMENTS: load(), LOAD_TEST_RESULTS: 'lab' };
    const { code, said } = await bash(script.join('\n'), { ...variables, ...given });
    assert.equal(code, 0, said);
    const junit = artifacts.reports.junit.replace('$LOAD_TEST_RESULTS', 'lab');
    assert.match(readFileSync(join(folder.path, junit), 'utf8'), /<testsuites name="tokenswarm"/);
    const failed = await bash(script.join('\n'), {
      ...variables,
      ...given,
      LOAD_TEST_ARGUMENTS: load('-e\nLIMIT=2'),
    });
    assert.equal(failed.code, 99, failed.said);
  });

  it('are used in docs/ci.md with inputs and variables that exist', () => {
    const [github = '', gitlab = ''] = blocks('docs/ci.md', 'yaml');
    const step = parse(github).jobs.load.steps.find(({ uses = '' }: { uses?: string }) => uses.includes('tokenswarm'));
    for (const input of Object.keys(step.with)) assert.ok(Object.hasOwn(ACTION.inputs, input), input);
    const known = readFileSync(join(ROOT, 'deploy/ci/run.sh'), 'utf8');
    for (const variable of Object.keys(parse(gitlab).load.variables)) assert.ok(known.includes(variable), variable);
  });
});
