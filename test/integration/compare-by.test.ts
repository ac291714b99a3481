import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser } from '../support/browser.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks } from '../support/page.js';
import { type Measured, recordOf } from '../support/records.js';
import { forkSimulator } from '../support/simulator.js';
import { assertGolden } from '../unit/reporters/golden.js';

const HOSTILE = `<img src=x onerror=alert(1)>"'&中文`;

/** Latencies of three cards with one user and under load. */
const STUDY: readonly (readonly [gpu: string, users: number, Measured])[] = [
  ['H800', 1, { ttft: 15, tpot: 6 }],
  ['H800', 64, { ttft: 40, tpot: 11 }],
  ['A800', 1, { ttft: 48, tpot: 10 }],
  ['A800', 64, { ttft: 120, tpot: 17 }],
  ['H20', 1, { ttft: 100, tpot: 5.95 }],
  ['H20', 64, { ttft: 300, tpot: 17.1 }],
];

describe('tokenswarm compare --by', () => {
  const folder = testFolder();
  const compare = (...args: readonly string[]) => tokenswarm(['compare', ...args], { cwd: folder.path });
  const write = (name: string, measured: Measured) => folder.write(name, JSON.stringify(recordOf(measured)));

  before(() => {
    for (const [gpu, users, measured] of STUDY) {
      const labels = { gpu, model: 'Qwen2.5-7B', tp: '1', PEAK_USERS: String(users) };
      write(`results/${gpu}/PEAK_USERS=${users}.json`, { ...measured, users, labels });
    }
    folder.write('results/H800/sweep.json', '{"schema":"tokenswarm/sweep","version":1}');
    write('others/unlabelled.json', {});
    folder.write('others/broken.json', '{"schema":');
    folder.write('others/notes.txt', 'no JSON at all');
  });

  it('prints the tables by card, and ranks the cards', async () => {
    const { code, stdout, stderr } = await compare('results', 'others', '--by', 'gpu,model,tp');
    assert.deepEqual([code, stderr], [0, '']);
    assertGolden('compare-by.txt', stdout);
    assert.match(stdout, /TTFT mean, 1 user +H800 > A800 > H20\n/);
    assert.match(stdout, /E2E mean, 64 users +H800 > A800 > H20\n/);
    assert.match(stdout, /! others\/unlabelled\.json: it has no label gpu, model, tp; it has none/);
    assert.match(stdout, /! others\/broken\.json: it is not JSON/);
    assert.doesNotMatch(stdout, /sweep\.json|notes\.txt|NaN|undefined/);
  });

  it('takes files, folders and patterns, each file once', async () => {
    const places = ['results/H800', 'results/*/PEAK_USERS=1.json', 'results/H800/PEAK_USERS=1.json'];
    const { stdout } = await compare(...places, '--by', 'gpu');
    assert.match(stdout, /4 runs in 3 groups by gpu/);
  });

  it('refuses what it cannot read, and contradictions, with their place', async () => {
    write('twice/a.json', { labels: { gpu: 'H800' }, users: 8 });
    write('twice/b.json', { labels: { gpu: 'h800' }, users: 8, output: 50 });
    const rows: readonly (readonly [args: readonly string[], says: RegExp])[] = [
      [['none', '--by', 'gpu'], /^error none: there is no such file or folder\nhint /m],
      [['results/*.jsonl', '--by', 'gpu'], /^error results\/\*\.jsonl: no file matches\n/m],
      [['others/broken.json', '--by', 'gpu'], /there is no record of a run\n +others\/broken\.json: it is not JSON/],
      [['others', '--by', 'gpu'], /--by gpu: no run is left to compare\n[\s\S]*unlabelled\.json: it has no label gpu/],
      [
        ['twice', '--by', 'gpu'],
        /twice\/a\.json and twice\/b\.json have the same labels \(gpu=H800\) and 8 users, but differ in the prompts: 50\.0 output tokens/,
      ],
      [['results', '--by', 'gpu,,tp'], /--by: expected labels, each once, got "gpu,,tp"/],
      [
        ['results', '--by', 'gpu', '--fail-if', 'llm_ttft:avg>1'],
        /--fail-if: it compares runs with the first, which --by does not/,
      ],
      [['results', '--by', 'gpu', '--out', 'xml=a'], /--out: "xml=a": there is no format called "xml"/],
    ];
    for (const [args, says] of rows) {
      const { code, stdout, stderr } = await compare(...args);
      assert.deepEqual([code, stdout], [104, ''], args.join(' '));
      assert.match(stderr, says);
    }
  });

  it('writes all of it as JSON and CSV', async () => {
    const args = ['results', '--by', 'gpu,model,tp', '--out', 'json=out/b.json', '--out', 'csv=out/b.csv'];
    assert.equal((await compare(...args)).code, 0);
    const { schema, version, settings, rankings } = JSON.parse(readFileSync(join(folder.path, 'out/b.json'), 'utf8'));
    assert.deepEqual([schema, version, settings.length], ['tokenswarm/benchmark', 1, 6]);
    const [first] = settings;
    assert.deepEqual([first.labels.gpu, first.users, first.simulated], ['A800', 1, false]);
    assert.equal(first.figures['llm_ttft:avg'].value, 48);
    assert.ok(first.model.mbu > 0.5 && first.model.mbu < 1 && first.trade.perUser > 90);
    assert.ok(
      rankings.some(
        ({ metric, level }: { metric: string; level: string }) => metric === 'llm_ttft' && level === '1 user',
      ),
    );
    const [head = '', row = ''] = readFileSync(join(folder.path, 'out/b.csv'), 'utf8').split('\n');
    assert.match(head, /^gpu,model,tp,source,users,rate,runs,cards,llm_output_tokens_per_second:value,/);
    assert.match(row, /^A800,Qwen2\.5-7B,1,measured,1,,1,1,/);
  });

  for (const line of blocks('docs/compare.md', 'sh').flatMap((block) => block.trim().split('\n'))) {
    if (!line.includes('--by')) continue;
    it(`does what docs/compare.md says: ${line}`, async () => {
      const [, ...args] = line.replaceAll("'", '').split(' ');
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 0, stderr);
    });
  }

  it('marks simulated runs in every row', async () => {
    const labels = { gpu: 'H800', model: 'Qwen2.5-7B', tp: '1' };
    write('mixed/real.json', { labels });
    write('mixed/simulated.json', { labels, simulated: true });
    const { stdout } = await compare(
      'mixed',
      '--by',
      'gpu,model,tp',
      '--out',
      'html=mixed.html',
      '--out',
      'markdown=mixed.md',
    );
    assert.match(stdout, /LATENCY OF ONE USER {2}Qwen2\.5-7B, TP 1\n/);
    assert.match(stdout, /LATENCY OF ONE USER {2}Qwen2\.5-7B, TP 1 \(simulated\)\n/);
    assert.match(stdout, /some runs are simulated, others measured/);
    assert.match(readFileSync(join(folder.path, 'mixed.html'), 'utf8'), /Some figures are simulated/);
    assert.match(readFileSync(join(folder.path, 'mixed.md'), 'utf8'), /\| users \| H800 \|/);
  });

  it('draws the charts, on a page that is safe and fits a telephone', async function () {
    write('strange/a.json', { labels: { gpu: HOSTILE, model: 'm', tp: '1' } });
    write('strange/b.json', { labels: { gpu: HOSTILE, model: 'm', tp: '1' }, users: 9 });
    const args = ['results', 'strange', '--by', 'gpu,model,tp', '--out', 'html=b.html'];
    assert.equal((await compare(...args)).code, 0);
    const text = readFileSync(join(folder.path, 'b.html'), 'utf8');
    const [, content = ''] = text.split('<main>');
    assert.doesNotMatch(content.split('</main>')[0] ?? '', /<img|NaN|undefined|Infinity/);
    const browser = await startBrowser();
    if (!browser) {
      console.log('      skipped: there is no chromium on this machine (apt-get install chromium)');
      return this.skip();
    }
    try {
      const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
      const wrong: string[] = [];
      page.on('console', (message) => wrong.push(message.text()));
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('request', (request) => !/^(file|data):/.test(request.url()) && wrong.push(request.url()));
      await page.goto(pathToFileURL(join(folder.path, 'b.html')).href);
      assert.deepEqual(wrong, []);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
      // A bar for each card, a point for each setting, and a ring around those on the front.
      assert.equal(await page.locator('figure:has-text("TTFT), mean") .narrow rect.bar').count(), 4 + 4);
      assert.ok((await page.locator('.narrow circle.ring').count()) >= 2);
      assert.match((await page.locator('main').textContent()) ?? '', /<img src=x onerror=alert\(1\)>/);
    } finally {
      await browser.close();
    }
  }).timeout(60_000);

  it('reads records of runs against the simulator', async () => {
    const simulator = await forkSimulator();
    folder.write(
      's.ts',
      "import { chat } from 'tokenswarm';\nexport default async () => void (await chat({ messages: [{ role: 'user', content: 'Hi' }] }));\n",
    );
    try {
      const levels = ['1', '3'].map((users) => {
        const labels = ['--label', 'gpu=H800', '--label', 'model=Qwen2.5-7B', '--label', 'tp=1'];
        const args = [
          'run',
          's.ts',
          '-u',
          users,
          '-d',
          '1500ms',
          '--base-url',
          simulator.url,
          '--model',
          'sim-ttft5-itl1-len5',
        ];
        return tokenswarm([...args, ...labels, '--out', `json=real/${users}.json`], { cwd: folder.path });
      });
      for (const { code, stderr } of await Promise.all(levels)) assert.equal(code, 0, stderr);
    } finally {
      simulator.stop();
    }
    const { code, stdout, stderr } = await compare('real', '--by', 'gpu,model,tp');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /2 runs in 1 group by gpu, model, tp/);
    assert.match(stdout, /^ {2}Simulated: no server and no card has been measured$/m);
    assert.match(stdout, /H800, Qwen2\.5-7B, TP 1 +3 users/);
    assert.match(stdout, /all runs are simulated: no card has been measured/);
  }).timeout(30_000);
});
