import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SummaryData } from '../../engine/api/summary.js';
import { spawnTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('a scenario that handles its summary', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let target: readonly string[];

  before(async () => {
    simulator = await sharedSimulator();
    target = ['--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5'];
  });

  /** Runs a scenario with this `handleSummary` in the test's folder. */
  const handled = (handler: string, ...flags: readonly string[]) => handledBy(handler, flags);
  const handledBy = (handler: string, flags: readonly string[], alone = false) => {
    const file = folder.write(
      'handled.ts',
      `import { abort, chat, check, dataset, exec, group, sleep, textSummary } from 'tokenswarm';
       export const options = { vus: 2, iterations: 4, thresholds: { checks: ['rate==1'] }, handleSummaryTimeout: __ENV.WAIT ?? '20s' };
       export function setup() { return { token: 1 }; }
       export default async function () {
         if (__ENV.ABORT) abort('enough');
         await group('talk', async () => check(await chat({ messages: 'hi' }), { answered: (a) => a.ok }));
       }
       ${handler}`,
    );
    return tokenswarm(['run', file, ...target, '--workers', '2', ...flags], { cwd: folder.path, alone });
  };

  it('can make every text and report that the command line has', async () => {
    const { code, stderr, stdout } = await handled(
      `import { reports } from 'tokenswarm';
       export const handleSummary = (data) => {
         data.tokenswarm.run.seconds = -1;
         return {
           stdout: textSummary(data, { summary: 'locust' }),
           ...reports(data, ['junit=own.xml', 'locust-csv=deep/own', 'json=own.json']),
         };
       };`,
      ...['--quiet', '--out', 'junit=theirs.xml', '--out', 'locust-csv=theirs', '--out', 'json=theirs.json'],
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Type +Name/);
    const read = (name: string) => readFileSync(join(folder.path, name), 'utf8');
    assert.equal(read('own.xml'), read('theirs.xml'));
    assert.equal(read('own.json'), read('theirs.json'));
    assert.equal(read('deep/own_stats.csv'), read('theirs_stats.csv'));
  });

  it('gets the names of the reports', async () => {
    const wrong = [
      [
        "reports(data, ['junt=a.xml'])",
        /handleSummary\(\) failed: Error: reports\(\): "junt=a.xml": there is no format called "junt"; did you mean "junit"\?/,
      ],
      ["reports(data, ['requests=a.csv'])", /reports\(\): "requests=a.csv" needs every request/],
      [
        "{ stdout: textSummary(data, { summary: 'locus' }) }",
        /textSummary\(\): there is no summary called "locus"; did you mean "locust"/,
      ],
    ] as const;
    for (const [call, message] of wrong) {
      const source = `import { reports } from 'tokenswarm'; export const handleSummary = (data) => (${call});`;
      const { code, stderr, stdout } = await handled(source, '--quiet');
      assert.equal(code, 0, 'that of the load');
      assert.match(stderr, message);
      assert.match(stdout, /LATENCY/);
    }
  });

  it('decides what is printed and written, while reports are written as ever', async () => {
    const { code, stdout, stderr } = await handled(
      `export async function handleSummary(data) {
         await null;
         return {
           stdout: 'iterations: ' + data.metrics.iterations.values.count + '\\n',
           stderr: 'told\\n',
           'deep/er/data.json': JSON.stringify(data),
           'view.bin': new TextEncoder().encode('你好'),
           'buffer.bin': new Uint8Array([1, 2]).buffer,
         };
       }`,
      '--out',
      `json=${folder.path}/report.json`,
      '--quiet',
    );
    assert.deepEqual([code, stdout, stderr], [0, 'iterations: 4\n', 'told\n']);
    const data = JSON.parse(readFileSync(join(folder.path, 'deep/er/data.json'), 'utf8')) as SummaryData;
    const [talk] = data.root_group.groups;
    assert.deepEqual([talk?.path, talk?.checks[0]?.name, talk?.checks[0]?.passes], ['::talk', 'answered', 4]);
    assert.deepEqual(data.metrics.checks?.thresholds, { 'rate==1': { ok: true } });
    assert.deepEqual(data.setup_data, { token: 1 });
    assert.equal(data.tokenswarm.run.startedAt, folder.summary('report.json').run.startedAt);
    assert.equal(readFileSync(join(folder.path, 'view.bin'), 'utf8'), '你好');
    assert.deepEqual([...readFileSync(join(folder.path, 'buffer.bin'))], [1, 2]);
  });

  it('prints everything that the last functions write', async () => {
    const { stdout, stderr } = await handledBy(
      `const print = (what) => { for (let i = 0; i < 300; i += 1) console.log(what); };
       export async function vuTeardown() { await sleep(0.01); }
       export function teardown() { print('torn down'); }
       export function handleSummary() { print('summed up'); return { stdout: 'end' }; }`,
      ['--vus', '30', '--iterations', '30', '--quiet'],
      true,
    );
    assert.equal(stderr, '');
    assert.equal(stdout, `${'torn down\n'.repeat(300)}${'summed up\n'.repeat(300)}end`);
  });

  it('gets the default text, indented and in colour', async () => {
    const { stdout } = await handled(
      `export function handleSummary(data) {
         return { stdout: textSummary(data, { indent: '> ' }), stderr: textSummary(data, { enableColors: true }) };
       }`,
    );
    assert.match(stdout, /^\n> {3}scenario {3}handled\.ts\n(> .*\n|\n)+$/);
    assert.match(stdout, /^> {3}█ CHECKS {2}of the whole run$/m);
    const colored = await handled(
      `export const handleSummary = (data) => ({ stdout: textSummary(data, { enableColors: true }) });`,
    );
    assert.ok(colored.stdout.includes('\u001b[1m  █ CHECKS\u001b[22m'));
  });

  it('is a user of its own, who may make requests, and that no figure knows of', async () => {
    const { stdout, stderr } = await handled(
      `let mine = 0;
       export async function handleSummary(data) {
         const { ok } = await chat({ messages: 'hi' });
         return { stdout: JSON.stringify([ok, mine, __VU, data.metrics.llm_requests.values.count]) };
       }`,
    );
    assert.equal(stdout, '[true,0,0,4]', stderr);
  });

  const broken: readonly [string, string, RegExp][] = [
    [
      'throws',
      `export function handleSummary(data) {\n  throw new RangeError('far off');\n}`,
      /handled\.ts:9:9: handleSummary\(\) failed: RangeError: far off/,
    ],
    [
      'blocks its thread',
      `export function handleSummary() { for (;;); }`,
      /error options\.handleSummaryTimeout: handleSummary\(\) failed: it took longer than 1 s/,
    ],
    [
      'never comes back',
      `export const handleSummary = () => new Promise(() => setInterval(() => 0, 100));`,
      /it took longer than 1 s/,
    ],
    [
      'ends its thread',
      `export function handleSummary() { process.exit(3); }`,
      /its thread ended with 3 before it returned/,
    ],
    [
      'returns nothing',
      `export function handleSummary() {}`,
      /handleSummary\(\) returned undefined instead of an object/,
    ],
    ['returns a text', `export function handleSummary() { return 'x'; }`, /returned "x" instead of an object/],
  ];
  for (const [what, handler, message] of broken) {
    it(`and ${what} is told so, and the summary is printed all the same`, async () => {
      const isSlow = message.source.includes('longer than');
      const { code, stdout, stderr } = await handled(handler, ...(isSlow ? ['-e', 'WAIT=1s'] : []));
      assert.match(stderr, message);
      assert.match(stdout, /█ CHECKS/);
      assert.equal(code, 0, 'what the load came to is not changed by it');
    });
  }

  it('and returns what cannot be written, or names a file that cannot, still gets the rest', async () => {
    folder.write('folder/x', '');
    const { code, stdout, stderr } = await handled(
      `export const handleSummary = () => ({ 'a.json': { a: 1 }, 'folder': 'x', 'good.txt': 'good', stdout: 'mine' });`,
    );
    assert.match(stderr, /handled\.ts: handleSummary\(\) returned { a: 1 } for a\.json/);
    assert.match(stderr, /folder: cannot write the results: .*directory/);
    assert.match(stdout, /█ CHECKS.*mine$/s);
    assert.equal(readFileSync(join(folder.path, 'good.txt'), 'utf8'), 'good');
    assert.ok(!existsSync(join(folder.path, 'a.json')));
    assert.equal(code, 0);
  });

  it('never shows the API key in what it throws', async () => {
    const key = 'sk-not-to-be-seen';
    const { stderr } = await handled(
      `export function handleSummary() { throw new Error('${key}'); }`,
      '--api-key',
      key,
    );
    assert.match(stderr, /handleSummary\(\) failed: Error: \*\*\*/);
    assert.ok(!stderr.includes(key));
  });

  it('does so after an abort, and after Ctrl-C; a second Ctrl-C ends it', async () => {
    const told = `export const handleSummary = ({ tokenswarm: { run } }) => ({ stdout: run.outcome });`;
    const aborted = await handled(told, '-e', 'ABORT=1');
    assert.deepEqual([aborted.code, aborted.stdout], [108, 'aborted']);

    const file = folder.write(
      'interrupted.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { vus: 2, duration: '10m' };
       export default async function () { await sleep(0.05); }
       export async function handleSummary({ tokenswarm: { run } }) {
         if (!__ENV.HANG) return { stdout: run.outcome };
         console.error('it hangs');
         return new Promise(() => setInterval(() => 0, 100));
       }`,
    );
    for (const hang of [false, true]) {
      const running = spawnTokenswarm(['run', file, ...(hang ? ['-e', 'HANG=1'] : [])]);
      await running.saw(/2 VUs/);
      running.signal('SIGINT');
      if (hang) {
        await running.saw('it hangs');
        running.signal('SIGINT');
      }
      const { code, stdout, stderr } = await running.ended;
      assert.equal(code, 105);
      if (!hang) assert.equal(stdout, 'interrupted');
      else
        assert.match(stderr + stdout, /handleSummary\(\) failed: it was stopped by the user\n.*Interrupted: stopped/s);
    }
  });
});
