import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPTIONS } from '../../engine/options/option-table.js';
import { ROOT, spawnTokenswarm, startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { forkSimulator, type Simulator, sharedSimulator } from '../support/simulator.js';

/** A scenario that chats without end. */
const CHATTING = `
import { chat } from 'tokenswarm';
export default async function () { await chat({ messages: 'hi' }); }
`;

/** A scenario that lets out the key wherever it can. */
const TELLTALE = `
import { chat } from 'tokenswarm';
export default async function () {
  await chat({ messages: 'hi' });
  void Promise.reject(new Error(__ENV.OPENAI_API_KEY));
  throw new Error(__ENV.OPENAI_API_KEY);
}
`;

const FAST = 'sim-ttft5-itl1-len5';

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
    const count = OPTIONS.filter(({ commands }) => commands?.includes('run')).length;
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
      [['run', 'x.ts', '--bogus'], /unknown option '--bogus'/],
      [['run', 'there.ts', '--workers', '0'], /--workers: expected a whole number from 1 to 512, got 0/],
      [['run', 'there.ts', '--seed', 'x'], /--seed: expected a whole number from 0 to [\d,]+, got "x"/],
      [['run', 'x.ts', '-e', 'NAME'], /--env: expected NAME=value, got "NAME"/],
      [['run', 'x.ts', '--stage', '20'], /--stage: expected time:users such as 30s:20, got "20"/],
      [['run', 'x.ts', '--out', 'xml=a'], /--out: "xml=a": there is no format called "xml"/],
      [['run', 'x.ts', '--summary', 'txt'], /--summary: there is no summary called "txt"; did you mean "text"\?/],
      [['run', 'x.ts'], /x\.ts: there is no such scenario file/],
    ];
    folder.write('there.ts', CHATTING);
    for (const [args, message] of wrong) {
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 104, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
    }
  });

  it('says when there is no place for what it bundles', async () => {
    const file = folder.write('there.ts', CHATTING);
    const { code, stderr } = await tokenswarm(['run', file], { env: { TMPDIR: '/nonexistent' }, alone: true });
    assert.equal(code, 104);
    assert.match(stderr, /^error \/nonexistent: cannot create a temporary folder: ENOENT.*\nhint .*TMPDIR.*\n$/);
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

  it('drains at the first Ctrl-C and exits with 105 and a summary', async () => {
    const scenario = folder.write('drain.ts', CHATTING);
    const out = ['--out', `json=${folder.path}/drain.json`];
    const running = startTokenswarm([
      'run',
      scenario,
      '--base-url',
      simulator.url,
      '--model',
      'sim-ttft300-itl10-len50',
      '-u',
      '3',
      '-d',
      '10m',
      ...out,
    ]);
    await running.saw(/[1-9]\d* req/);
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    assert.equal(code, 105);
    assert.match(stdout, /LATENCY/);
    const { run, requests, metrics } = folder.summary('drain.json');
    assert.equal(run.outcome, 'interrupted');
    assert.equal(requests.censored, 0, 'those in flight were waited for');
    assert.equal(metrics.interrupted_iterations, undefined);
    assert.ok((metrics.iterations?.windows.whole?.count ?? 0) >= 3);
  });

  it('stops at once at the second Ctrl-C, still with a summary that counts what was in flight', async () => {
    const scenario = folder.write('abort.ts', CHATTING);
    const out = ['--out', `json=${folder.path}/abort.json`];
    const running = startTokenswarm([
      'run',
      scenario,
      '--base-url',
      simulator.url,
      '--model',
      'sim-ttft10-itl1000-len60',
      '-u',
      '3',
      '-d',
      '10m',
      ...out,
    ]);
    await running.saw(/3 VUs/);
    running.signal('SIGINT');
    await running.saw('again to stop at once');
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    assert.equal(code, 105);
    assert.match(stdout, /3 requests were still in flight/);
    const { requests, metrics } = folder.summary('abort.json');
    assert.equal(requests.censored, 3);
    assert.equal(metrics.llm_requests, undefined);
    assert.equal(metrics.interrupted_iterations?.windows.whole?.count, 3);
  });

  it('never shows the API key, even when the server repeats it', async () => {
    const guarded = await forkSimulator('--api-key', 'sk-right');
    try {
      const scenario = folder.write('key.ts', TELLTALE);
      const args = [
        'run',
        scenario,
        '--base-url',
        guarded.url,
        '--model',
        FAST,
        '-i',
        '1',
        '--out',
        `json=${folder.path}/key.json`,
      ];
      const wrong = await tokenswarm([...args, '--api-key', 'sk-secret-wrong']);
      assert.equal(wrong.code, 104);
      assert.match(wrong.stderr, /rejects the API key/);
      const right = await tokenswarm(args, { env: { OPENAI_API_KEY: 'sk-right' } });
      assert.equal(right.code, 0, right.stderr);
      const thrown = folder.summary('key.json').errors.map(({ message }) => message);
      assert.deepEqual(thrown.sort(), ['***', '*** (in a promise that nothing awaits)']);
      const shown =
        wrong.stderr + wrong.stdout + right.stdout + right.stderr + readFileSync(`${folder.path}/key.json`, 'utf8');
      assert.ok(!shown.includes('sk-secret-wrong') && !shown.includes('sk-right'));
    } finally {
      guarded.stop();
    }
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

  it('takes the server from the environment, and says what is missing when nobody named one', async () => {
    const scenario = folder.write('env.ts', CHATTING);
    const named = await tokenswarm(['run', scenario, '-i', '1', '--model', FAST], {
      env: { OPENAI_BASE_URL: `${simulator.url}/v1` },
    });
    assert.equal(named.code, 0, named.stderr);
    const nobody = await tokenswarm(['run', scenario, '-i', '1']);
    assert.equal(nobody.code, 104);
    assert.match(nobody.stdout, /no server was given/);
    assert.match(nobody.stdout.replace(/\s+/g, ' '), /--base-url http:\/\/host:8000\/v1, or OPENAI_BASE_URL/);
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

  it('writes a scenario with `new` that runs with `try`, and overwrites nothing', async () => {
    const fresh = await tokenswarm(['new', 'my-test.ts'], { cwd: folder.path });
    assert.equal(fresh.code, 0, fresh.stderr);
    const again = await tokenswarm(['new', 'my-test.ts'], { cwd: folder.path });
    assert.equal(again.code, 104);
    assert.match(again.stderr, /the file exists already/);
    const tried = await tokenswarm(['try', 'my-test.ts', '--simulate'], { cwd: folder.path });
    assert.equal(tried.code, 0, tried.stderr);
    for (const shown of [
      'user',
      'headers',
      'first chunk',
      'first token',
      'last token',
      'ended',
      'TTFT',
      'TPOT',
      'completed',
    ]) {
      assert.ok(tried.stdout.includes(shown), shown);
    }
  });

  it('shows a failing iteration of `try` with the line of the file', async () => {
    const scenario = folder.write(
      'broken.ts',
      `import { chat } from 'tokenswarm';\n\nexport default async function () {\n  throw new Error('oh no');\n}\n`,
    );
    const { code, stdout } = await tokenswarm(['try', scenario, ...target]);
    assert.equal(code, 107);
    assert.match(stdout, /broken\.ts:4:9/);
    assert.match(stdout, /oh no/);
  });

  it('tells of an exception while it runs, once, with the line of the file', async () => {
    const scenario = folder.write(
      'often.ts',
      `import { sleep } from 'tokenswarm';\nexport default async function () {\n  await sleep(0.05);\n  throw new Error('again');\n}\n`,
    );
    const { code, stderr } = await tokenswarm(['run', scenario, ...target, '-u', '2', '-d', '2s']);
    assert.equal(code, 0);
    assert.equal(stderr.match(/often\.ts:4:9: again/g)?.length, 1, stderr);
  });

  it('does not mind that nobody reads what it prints', async () => {
    const scenario = folder.write('unread.ts', CHATTING);
    const out = ['--out', `json=${folder.path}/unread.json`];
    const running = spawnTokenswarm(['run', scenario, ...target, '-u', '2', '-d', '2s', ...out]);
    running.child.stdout?.destroy();
    await running.saw('00:01');
    running.child.stderr?.destroy();
    assert.equal((await running.ended).code, 0);
    assert.equal(folder.summary('unread.json').run.outcome, 'completed');
  });

  it('says of a trial what it waits for in vain, or what it lets loose, with 107', async () => {
    const never = folder.write('never.ts', 'export default async function () { await new Promise(() => {}); }');
    const waiting = await tokenswarm(['try', never], { alone: true });
    assert.equal(waiting.code, 107);
    assert.match(waiting.stderr, /awaits a promise that never settles/);
    const loose = folder.write(
      'loose.ts',
      `import { sleep } from 'tokenswarm';
       export async function setup() { return { mine: [1] }; }
       export default async function (data) { void Promise.reject(new Error('loose ' + data.mine)); await sleep(0.05); }`,
    );
    const { code, stdout, stderr } = await tokenswarm(['try', loose], { alone: true });
    assert.equal(code, 107);
    assert.match(stderr, /loose\.ts:3:\d+: loose 1 \(in a promise that nothing awaits\)/);
    assert.match(stdout, /completed/);
    const late = folder.write(
      'late.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { setupTimeout: '50ms' };
       export async function setup() { await sleep(60); }
       export default async function () {}`,
    );
    assert.equal((await tokenswarm(['try', late])).code, 100);
  });

  it('leaves no simulator behind', async () => {
    const scenario = folder.write('simulated.ts', CHATTING);
    const args = ['run', scenario, '--simulate', '-i', '1', '--out', `json=${folder.path}/simulated.json`];
    assert.equal((await tokenswarm(args)).code, 0);
    const { target: used } = folder.summary('simulated.json');
    assert.equal(used?.simulated, true);
    await assert.rejects(fetch(`${used?.baseUrl}/models`));
  });

  it('writes no control characters where there is no terminal', async () => {
    const scenario = folder.write('plain.ts', CHATTING);
    const { stdout, stderr } = await tokenswarm(['run', scenario, ...target, '-u', '1', '-d', '1s']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.ok(!/[\x00-\x09\x0b-\x1f\x7f]/.test(stdout + stderr));
    assert.ok(existsSync(scenario));
  });
});
