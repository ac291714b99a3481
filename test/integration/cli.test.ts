import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { OPTIONS } from '../../engine/options/option-table.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { assertClosed } from '../support/port.js';
import { CHATTING, FAST } from '../support/scripts.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('the command line', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let target: readonly string[];

  before(async () => {
    simulator = await sharedSimulator();
    target = ['--base-url', simulator.url, '--model', FAST];
  });

  it('shows its commands with --help and its version with --version', async () => {
    const help = await tokenswarm(['--help']);
    assert.equal(help.code, 0);
    for (const command of ['run', 'try', 'inspect', 'simulate', 'new'])
      assert.match(help.stdout, new RegExp(`^  ${command} `, 'm'));
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal((await tokenswarm(['--version'])).stdout.trim(), version);
  });

  it('shows the flags of a run by topic, in lines that fit a terminal', async () => {
    const { stdout } = await tokenswarm(['run', '--help']);
    const topics = stdout.split(/^(?=\S.*:$)/m).filter((topic) => /^ {2}-/m.test(topic));
    const flags = topics.map((topic) => [
      topic.split('\n')[0],
      topic.match(/^ {2}-.*?--[\w-]+|^ {2}--[\w-]+/gm)?.length,
    ]);
    const count = OPTIONS.filter(({ commands, hidden }) => commands?.includes('run') && !hidden).length;
    assert.deepEqual(
      flags.map(([topic]) => topic),
      ['The server:', 'The scenario:', "The load, instead of the scenario's own:", 'The results:', 'Options:'],
    );
    assert.equal(
      flags.reduce((sum, [, n]) => sum + Number(n), 0),
      count + 1,
      'each flag of the table, and --help',
    );
    for (const command of ['', 'run', 'try', 'inspect', 'simulate', 'new']) {
      const help = await tokenswarm([command, '--help'].filter(Boolean));
      assert.deepEqual(
        help.stdout.split('\n').filter((line) => line.length > 80),
        [],
      );
    }
  });

  it('refuses unknown commands, flags and values with 104 and says what was expected', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['runn'], /unknown command 'runn'/],
      [['run'], /missing required argument 'file'/],
      [['run', 'x.ts', '--bogus'], /unknown option '--bogus'\n\((?:npx )?tokenswarm run --help lists its flags\)/],
      [['run', 'x.ts', '--users', '5'], /unknown option '--users'\n\(Here it is --vus\)/],
      [
        ['run', 'x.ts', '--gpu', '--duration', '5s'],
        /--gpu <url>' argument '--duration' is invalid. .* value is missing/,
      ],
      [['there.ts'], /error: "there\.ts" is no command; to run it: (npx )?tokenswarm run there\.ts/],
      [['run', 'x.ts', '-n', '5'], /unknown option '-n'\n\(Here it is --iterations\)/],
      [['run', 'x.ts', '--csv', 'x'], /'--csv'\n\(Here --out locust-csv=/],
      [['worker', 'x.ts', '--master-host', 'x'], /'--master-host'\n\(Here it is --master\)/],
      [
        ['compare', 'a.json', 'b.json', '--fail-if', 'llm_ttft:p95>10%'],
        /--fail-if: "llm_ttft:p95>10%": a percentile is written p\(95\)/,
      ],
      [['new', 'x.py'], /x\.py: a scenario is a \.ts file/],
      [['run', 'x.ts', 'y.ts'], /the argument "y.ts" is one too many/],
      [['run', 'x.ts', '--web', '18994'], /the argument "18994" is one too many: for --web write --web=18994/],
      [['run', 'x.ts', '--rps', '5'], /unknown option '--rps'\n\(Here a rate is set in the scenario, by .*\)/],
      [['run', 'x.ts', '--thresholds', 'x'], /'--thresholds'\n\(Here thresholds are set in the scenario: .*\)/],
      [['simulate', '--gpu', 'h800'], /unknown option '--gpu'\n\(Here it is --card\)/],
      [['sweep', 'x.ts', '--url', 'x'], /unknown option '--url'\n\(Here it is --base-url\)/],
      [['run', 'there.ts', '--workers', '0'], /--workers: expected a whole number from 1 to 512, got 0/],
      [['run', 'there.ts', '--seed', 'x'], /--seed: expected a whole number from 0 to [\d,]+, got "x"/],
      [['run', 'x.ts', '-e', 'NAME'], /--env: expected NAME=value, got "NAME"/],
      [['run', 'x.ts', '--stage', '10:10s'], /--stage: expected time:users such as 30s:20, got "10:10s"/],
      [['run', 'x.ts', '--stage', '20'], /--stage: expected time:users such as 30s:20, got "20"/],
      [['run', 'x.ts', '--out', 'xml=a'], /--out: "xml=a": there is no format called "xml"/],
      [['run', 'x.ts', '--summary', 'txt'], /--summary: there is no summary called "txt"; did you mean "text"\?/],
      [['run', 'x.ts'], /x\.ts: there is no such scenario file/],
      [['run', 'options.json'], /options\.json: it is JSON, no scenario\nhint .*--config/],
    ];
    folder.write('there.ts', CHATTING);
    folder.write('options.json', '{"vus": 2}');
    for (const [args, message] of wrong) {
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 104, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
    }
  });

  it('reports when there is no space for its bundles', async () => {
    const file = folder.write('there.ts', CHATTING);
    const { code, stderr } = await tokenswarm(['run', file], { env: { TMPDIR: '/nonexistent' }, alone: true });
    assert.equal(code, 104);
    assert.match(stderr, /^error \/nonexistent: cannot create a temporary folder: ENOENT.*\nhint .*TMPDIR.*\n$/);
  });

  it('leaves no bundle behind, and deletes those of runs that were killed long ago', async () => {
    const bundles = join(folder.path, 'bundles');
    const none = 2 ** 22 + 1;
    const names = [`${none}-killed`, `${none}-young`, `${process.pid}-alive`].map((name) => `tokenswarm-${name}`);
    for (const name of [...names, 'somebodys-own']) {
      mkdirSync(join(bundles, name), { recursive: true });
      if (!name.endsWith('young')) utimesSync(join(bundles, name), 0, 0);
    }
    const never = folder.write('never.ts', 'export default async function () { await new Promise(() => {}); }');
    const { code } = await tokenswarm(['try', never], { env: { TMPDIR: bundles }, alone: true });
    assert.equal(code, 107);
    assert.deepEqual(new Set(readdirSync(bundles)), new Set([...names.slice(1), 'somebodys-own']));
  });

  it('takes load, environment, tags and labels from flags', async () => {
    const scenario = folder.write(
      'flags.ts',
      `import { chat, Counter } from 'tokenswarm';
       const seen = new Counter('seen');
       export const options = { duration: '1h', thresholds: { 'seen{colour:red}': ['count==4'] } };
       export default async function () { await chat({ messages: __ENV.QUESTION }); seen.add(Number(__ENV.STEP)); }`,
    );
    const flags = ['-e', 'QUESTION=why?', '-e', 'STEP=1', '--vus', '2', '--iterations', '4', '--tag', 'colour=red'];
    const rest = [
      '--label',
      'gpu=H800',
      '--seed',
      '7',
      '--workers',
      '2',
      '--quiet',
      '--out',
      `json=${folder.path}/deep/er/flags.json`,
      '--out',
      `json=${folder.path}/deep/../deep/er/flags.json`,
    ];
    const { code, stderr } = await tokenswarm(['run', scenario, ...target, ...flags, ...rest]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '', 'quiet');
    const { run, metrics, plan, environment } = folder.summary('deep/er/flags.json');
    assert.deepEqual(
      [run.seed, run.labels, run.tags, run.outcome],
      [7, { gpu: 'H800' }, { colour: 'red' }, 'completed'],
    );
    assert.equal(environment.workers, 2);
    assert.equal(metrics.iterations?.values.count, 4);
    assert.equal(metrics.seen?.values.count, 4);
    assert.equal(plan.scenarios[0]?.executor, 'shared-iterations');
  });

  it('finds before the load that a report cannot be written, or the server not reached', async () => {
    const scenario = folder.write('early.ts', CHATTING);
    const unwritable = await tokenswarm(['run', scenario, ...target, '--out', `json=${folder.path}`]);
    assert.equal(unwritable.code, 104);
    const unreachable = await tokenswarm(['run', scenario, '--base-url', 'http://127.0.0.1:9']);
    assert.equal(unreachable.code, 104);
    assert.match(unreachable.stderr, /127\.0\.0\.1:9\/v1: the server cannot be reached: .*ECONNREFUSED/);
    const unknown = await tokenswarm(['run', scenario, '--base-url', 'ftp://x']);
    assert.equal(unknown.code, 104);
    assert.match(unknown.stderr, /expected an http\(s\) URL/);
  });

  it('takes the server from the environment, and reports when none is given', async () => {
    const scenario = folder.write('env.ts', CHATTING);
    const named = await tokenswarm(['run', scenario, '-i', '1', '--model', FAST], {
      env: { OPENAI_BASE_URL: `${simulator.url}/v1` },
    });
    assert.equal(named.code, 0, named.stderr);
    const nobody = await tokenswarm(['run', scenario, '-i', '1']);
    assert.equal(nobody.code, 104);
    assert.equal(nobody.stdout, '');
    assert.match(nobody.stderr, /^error target: chat was called, but no server was given$/m);
    assert.match(nobody.stderr, /--base-url http:\/\/host:8000\/v1, or OPENAI_BASE_URL/);
  });

  it('takes every flag from the environment or a config file too, those of the command itself included', async () => {
    const scenario = folder.write('environment.ts', CHATTING);
    const config = folder.write('run.json', JSON.stringify({ vus: 3, duration: '1h', labels: { from: 'config' } }));
    const env = {
      TOKENSWARM_CONFIG: config,
      TOKENSWARM_ITERATIONS: '6',
      TOKENSWARM_TAGS: 'colour=red,size=3',
      TOKENSWARM_SIMULATE: 'true',
      TOKENSWARM_QUIET: '1',
      TOKENSWARM_OUT: `json=${folder.path}/one.json,json=${folder.path}/two.json`,
    };
    const { code, stderr } = await tokenswarm(['run', scenario], { env });
    assert.deepEqual([code, stderr], [0, '']);
    const { run, target: used, plan, metrics } = folder.summary('two.json');
    assert.deepEqual(folder.summary('one.json').run, run);
    assert.deepEqual([run.labels, run.tags, used?.simulated], [{ from: 'config' }, { colour: 'red', size: '3' }, true]);
    assert.deepEqual([plan.maxVus, metrics.iterations?.values.count], [3, 6]);
  });

  it('warns of a variable that does not exist, in `try` as well', async () => {
    const scenario = folder.write('typo.ts', CHATTING);
    const { code, stderr } = await tokenswarm(['try', scenario, ...target], { env: { TOKENSWARM_MODLE: 'x' } });
    assert.equal(code, 0);
    assert.match(stderr, /^TOKENSWARM_MODLE: unknown variable/);
  });

  it('leaves no simulator behind', async () => {
    const scenario = folder.write('simulated.ts', CHATTING);
    const args = ['run', scenario, '--simulate', '-i', '1', '--out', `json=${folder.path}/simulated.json`];
    assert.equal((await tokenswarm(args)).code, 0);
    const { target: used } = folder.summary('simulated.json');
    assert.equal(used?.simulated, true);
    await assertClosed(`${used?.baseUrl}/models`);
  });
});
