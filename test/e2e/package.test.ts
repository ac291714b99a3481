import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { forkSimulator } from '../support/simulator.js';

const execute = promisify(execFile);

/** Scenarios over the package's exports: a correct one and a wrong one. An editor must mark the wrong one. */
const GOOD = `import { type Answer, anthropic, chat, check, embed, group, http, ollama, type Options, peakUsers, responses, SharedArray, type SummaryData, textSummary } from 'tokenswarm';
const users = new SharedArray<{ name: string }>('users', () => JSON.parse(open('./users.json')));
const bytes: ArrayBuffer = open('./bytes.bin', 'b');
export const handleSummary = (data: SummaryData) => ({ stdout: textSummary(data), 'b.bin': bytes });
export const options = { protocol: 'embed', scenarios: { a: peakUsers(2, { ramp: '1s', hold: '1s' }) } } satisfies Options;
export default async function () {
  const answer = await group(users[0]?.name ?? '', () => chat({ messages: 'hi', slo: { ttft: 500 } }));
  const pages: http.Response<'binary'> = await http.get('/x', { responseType: 'binary', jar: new http.CookieJar() });
  check(pages.body, { 'has bytes': (body) => body === null || body.byteLength >= 0 });
  check(answer, { ok: (a) => a.ok && a.ttft !== undefined && __VU > 0 && __ITER >= 0 && __ENV.NO === undefined });
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }] as const;
  const parts = [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: 'data:' } }] as const;
  for (const talk of [chat, responses, anthropic, ollama]) {
    const said: Answer = await talk({ messages: [{ role: 'user', content: parts }], tools, abortAfter: { tokens: 3 } });
    check(said, { called: (a) => a.toolCalls.every(({ id, name }) => id !== name) });
  }
  const { vectors } = await embed({ input: [[1, 2], [3]] });
  check(vectors, { dense: (v) => v?.[0]?.[0] !== 0 });
}
`;
const BAD = `import { anthropic, chat, type Options } from 'tokenswarm';
export const options = { scenarios: { a: { executor: 'ramping-vus', stages: [{ duration: '1s', goal: 3 }] } } } satisfies Options;
export default async function () { const answer = await chat({ message: 'hi' }); return answer.txt; }
export const seeded = () => anthropic({ messages: 'hi', seed: 1 });
`;

/** Programs over the package's other exports: a correct and a wrong one. An editor must mark the wrong one. */
const GOOD_PROGRAM = `import { type Options, type Run, run, type Settings, type Summary, tryOnce, UserError } from 'tokenswarm/engine';
import { summaryJson, summaryText } from 'tokenswarm/reporters';
const settings: Settings = { baseUrl: 'http://127.0.0.1:1', vus: 2, stages: [{ duration: '1s', target: 3 }], tags: { a: 1 }, env: { B: true } };
export async function all(options: Options): Promise<string> {
  const running: Run = run(new URL('file:///a.ts'), { ...settings, ...options, environment: {} });
  for await (const { totals, interval } of running) if (totals.failed > 3 && interval?.vus) running.drain();
  const summary: Summary = await running.summary.catch((error) => { throw error instanceof UserError ? error.hint : error; });
  const [first] = (await tryOnce('a.ts')).requests;
  return summaryText(summary) + summaryJson(summary) + first?.exchange.text;
}
`;
const BAD_PROGRAM = `import { run } from 'tokenswarm/engine';
run('a.ts', { vuz: 3 });
const running = run('a.ts', { thresholds: { llm_ttft: 'avg<5' } });
running.stop();
`;

describe('the package, installed in an empty folder', () => {
  const folder = testFolder();
  let installed: { stdout: string; stderr: string };
  const tokenswarm = (...args: readonly string[]) =>
    execute('npx', ['--no-install', 'tokenswarm', ...args], { cwd: folder.path });

  before(async function () {
    this.timeout(180_000);
    // The scripts would build anew, into the very folder from which this test runs.
    const packed = await execute('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.path], {
      cwd: ROOT,
    });
    const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
    const needless = files.filter(({ path }) =>
      /^test\/|^dist\/(?!bundle\/|page\/|(engine|reporters)\/.*\.d\.ts$)/.test(path),
    );
    assert.deepEqual(needless, []);
    folder.write('package.json', '{ "name": "mine", "private": true, "type": "module" }');
    installed = await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`], {
      cwd: folder.path,
    });
  });

  it('is installed without scripts that npm would warn of', () =>
    assert.doesNotMatch(installed.stdout + installed.stderr, /tokenswarm/));

  it('is executable in the checkout after a build', async () => {
    assert.equal(statSync(join(ROOT, 'dist/bundle/bin/tokenswarm.js')).mode & 0o111, 0o111);
    const { stdout } = await execute('npx', ['--no-install', 'tokenswarm', '--version'], { cwd: ROOT });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('has a command that says its version', async () => {
    const { stdout } = await tokenswarm('--version');
    assert.equal(
      stdout.trim(),
      (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version,
    );
  });

  it('has a command that writes a scenario and runs it', async () => {
    await tokenswarm('new', 'my-test.ts');
    const { stdout } = await tokenswarm(
      ...['run', 'my-test.ts', '--simulate', '-u', '1', '-i', '1', '--out', 'html=run.html'],
    );
    assert.match(stdout, /All thresholds passed|thresholds? passed/);
    assert.match(stdout, /requests\.*: 1 /);
    assert.match(readFileSync(join(folder.path, 'run.html'), 'utf8'), /^<!doctype html>.*Contains uPlot.*<\/html>\n$/s);
  }).timeout(30_000);

  it('builds the native reader where it can, else says that JavaScript reads', async function () {
    if (process.platform !== 'linux' || spawnSync('cc', ['--version']).error) this.skip();
    folder.write('native.ts', "import { chat } from 'tokenswarm';\nexport default () => chat({ messages: 'hi' });\n");
    rmSync(join(folder.path, 'node_modules/tokenswarm/native/reader.node'), { force: true });
    const run = async (env: Readonly<Record<string, string>>) => {
      const command = ['--no-install', 'tokenswarm', 'run', 'native.ts', '--simulate', '-i', '1', '--reader', 'auto'];
      return (await execute('npx', command, { cwd: folder.path, env: { ...process.env, ...env } })).stdout;
    };
    assert.match(await run({ CC: 'no-such-compiler' }), /JavaScript reads streams: .*no\s+C\s+compiler/s);
    const built = await run({});
    assert.match(built, /ran .*, native reader/);
    assert.doesNotMatch(built, /JavaScript reads/);
  }).timeout(30_000);

  it('gives a scenario its types', async () => {
    folder.write('good.ts', GOOD);
    folder.write('bad.ts', BAD);
    folder.write('good-program.ts', GOOD_PROGRAM);
    folder.write('bad-program.ts', BAD_PROGRAM);
    const check = (file: string, ...flags: readonly string[]) =>
      execute(
        process.execPath,
        [
          join(ROOT, 'node_modules/typescript/bin/tsc'),
          '--noEmit',
          '--strict',
          '--module',
          'nodenext',
          '--target',
          'es2023',
          '--types',
          '',
          ...flags,
          file,
        ],
        { cwd: folder.path },
      );
    await check('good.ts');
    await check('good-program.ts', '--skipLibCheck');
    for (const [file, wrong] of [
      ['bad.ts', ['goal', 'message', 'txt', 'seed']],
      ['bad-program.ts', ['vuz', 'string', 'stop']],
    ] as const) {
      await assert.rejects(check(file), ({ stdout }: { stdout: string }) => {
        for (const word of wrong) assert.match(stdout, new RegExp(`'${word}'`));
        return true;
      });
    }
  }).timeout(60_000);

  it('runs the programs of docs/embedding.md, in plain JavaScript', async () => {
    const page = readFileSync(join(ROOT, 'docs/embedding.md'), 'utf8');
    const programs = [...page.matchAll(/^```js\n\/\/ ([\w.-]+): node (.*)\n([\s\S]*?)^```/gm)];
    assert.equal(programs.length, 3);
    const simulator = await forkSimulator();
    folder.write('users.json', '[{ "name": "mei" }]');
    folder.write('bytes.bin', 'ab');
    folder.write('scenario.ts', GOOD.replace('__VU > 0 && ', ''));
    try {
      for (const [, name = '', args = '', program = ''] of programs) {
        folder.write(name, program);
        const env = { ...process.env, SERVER: simulator.url, OPENAI_API_KEY: '' };
        const { stdout } = await execute(process.execPath, args.split(' '), { cwd: folder.path, env });
        if (name === 'load-test.js') assert.match(stdout, /iterations\.*: 40 /);
        else if (name === 'virtual.js')
          assert.match(stdout, /^16 users: \d+\.\d ms a token\n64 users: \d+\.\d ms a token\n$/);
        else assert.match(stdout, /pass 2/);
      }
      assert.equal(folder.summary('results/load-test.json').metrics.iterations?.windows.whole?.count, 40);
    } finally {
      simulator.stop();
    }
  }).timeout(60_000);
});
