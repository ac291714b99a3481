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

/** TTFT and TPOT of three cards at some users. */
const STUDY: Readonly<Record<string, readonly (readonly [users: number, ttft: number, tpot: number])[]>> = {
  H800: [
    [1, 15, 6],
    [64, 40, 11],
    [256, 700, 30],
  ],
  A800: [
    [1, 48, 10],
    [64, 120, 17],
  ],
  'RTX 4090': [[1, 600, 40]],
};

describe('tokenswarm advise', () => {
  const folder = testFolder();
  const advise = (...args: readonly string[]) => tokenswarm(['advise', ...args], { cwd: folder.path });
  const write = (name: string, measured: Measured) => folder.write(name, JSON.stringify(recordOf(measured)));
  const SLO = ['--slo', 'llm_ttft:p(95)<500', '--slo', 'llm_tpot:p(95)<50'];

  before(() => {
    for (const [gpu, all] of Object.entries(STUDY)) {
      for (const [users, ttft, tpot] of all) {
        const labels = { gpu, model: 'Qwen2.5-7B', tp: '1', PEAK_USERS: String(users) };
        write(`results/${gpu}/PEAK_USERS=${users}.json`, { users, ttft, tpot, labels });
      }
    }
    folder.write('results/H800/sweep.json', '{"schema":"tokenswarm/sweep","version":1}');
    write('results/cut.json', { labels: { gpu: 'H800', model: 'm', tp: '1' }, run: { outcome: 'interrupted' } });
    folder.write('prices.json', '{ "currency": "USD", "perCardHour": { "H800": 2.5, "RTX 4090": 0.4 } }');
  });

  it('names the deployment that carries a load, its cost, and the reason', async () => {
    const { code, stdout, stderr } = await advise('results', '--users', '500', ...SLO, '--price', 'prices.json');
    assert.deepEqual([code, stderr], [0, '']);
    assertGolden('advise.txt', stdout);
    assert.match(
      stdout,
      /✓ Qwen2\.5-7B: 4 replicas of H800, TP 1: 4 cards, 10\.00 USD an hour, 0\.\d{3} USD per million/,
    );
    assert.match(
      stdout,
      /✗ RTX 4090, TP 1\n +- llm_ttft p\(95\)<500: 720\.0 ms at 1 user, the lowest that was measured, 44 % beyond/,
    );
    assert.match(stdout, /! there is no price for A800: ranked after the others, by cards/);
    assert.match(stdout, /! results\/cut\.json: the run was interrupted/);
    assert.doesNotMatch(stdout, /sweep\.json|NaN|undefined/);
  });

  it('exits with 99 where no deployment meets the objective', async () => {
    const { code, stdout } = await advise('results/RTX 4090', '--users', '5', ...SLO);
    assert.equal(code, 99);
    assert.match(stdout, /✗ Qwen2\.5-7B: no deployment that is measured meets this/);
    assert.match(stdout, /no prices were given: deployments are ranked by the cards that they need/);
  });

  it('refuses what it cannot read, with its place', async () => {
    folder.write('unknown-cards.json', '{ "currency": "USD", "perCardHour": { "H80": 1, "B200": 5 } }');
    folder.write('bad-prices.json', '{"perCardHour":{"H800":"2.5"}}');
    folder.write('empty/note.txt', '');
    folder.write('plain.json', '{ "compute": 0.6 }');
    const ask = ['results', '--users', '500', ...SLO];
    const rows: readonly (readonly [args: readonly string[], says: RegExp])[] = [
      [
        ['results', ...SLO],
        /^error --users: expected one of --users, --rate and --sessions-per-hour, got none of them/m,
      ],
      [
        [...ask, '--rate', '5'],
        /^error --users: expected one of --users, --rate and --sessions-per-hour, got --users and --rate/m,
      ],
      [['results', '--users', '1.5', ...SLO], /^error --users: expected a whole number from 1 on, got "1\.5"/m],
      [['results', '--rate', '-1', ...SLO], /^error --rate: expected requests a second above 0, got "-1"/m],
      [['results', '--users', '5'], /^error --slo: is required/m],
      [
        [...ask, '--slo', 'llm_tfft:avg<5'],
        /^error --slo: "llm_tfft:avg<5": there is no metric called llm_tfft; did you mean "llm_ttft"/m,
      ],
      [[...ask, '--price', 'none.json'], /^error none\.json: there is no such file/m],
      [
        [...ask, '--price', 'no-prices.json'],
        /^error no-prices\.json: there is no such file\nhint {2}prices look like /m,
      ],
      [[...ask, '--price', 'unknown-cards.json'], /perCardHour: no card is called H80; did you mean "\w+"\?\n/],
      [[...ask, '--price', 'bad-prices.json'], /^error bad-prices\.json: currency: .*\n +perCardHour\.H800: /m],
      [[...ask, '--by', 'gpu'], /^error --by: expected gpu, model and tp among the labels, got gpu/m],
      [['empty', '--users', '5', ...SLO], /^error empty: there is no record of a run/m],
      [[...ask, '--engine', 'vllm-0.24'], /^error --engine: it is for estimates alone/m],
      [[...ask, '--roofline', '--efficiency', 'plain.json'], /^error --efficiency: plain\.json names no card/m],
      [['results', '--rate', '5', ...SLO, '--out', 'csv=a'], /--out: "csv=a": there is no format called "csv"/],
    ];
    for (const [args, says] of rows) {
      const { code, stdout, stderr } = await advise(...args);
      assert.deepEqual([code, stdout], [104, ''], args.join(' '));
      assert.match(stderr, says);
    }
  });

  for (const line of blocks('docs/advise.md', 'sh').flatMap((block) => block.trim().split('\n'))) {
    it(`does what docs/advise.md says: ${line}`, async () => {
      const [, ...args] = line.replaceAll("'", '').split(' ');
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 0, stderr);
    });
  }

  it('writes all of it as JSON, estimates marked', async () => {
    const args = ['--price', 'prices.json', '--roofline', '--out', 'json=out/advice.json'];
    assert.equal((await advise('results', '--users', '500', ...SLO, ...args)).code, 0);
    const { schema, version, asked, alternatives } = JSON.parse(
      readFileSync(join(folder.path, 'out/advice.json'), 'utf8'),
    );
    assert.deepEqual([schema, version, asked.users], ['tokenswarm/advice', 1, 500]);
    assert.deepEqual(
      alternatives.map(({ model, source }: { model: string; source: string }) => [model, source]),
      [
        ['Qwen2.5-7B', 'measured'],
        ['Qwen2.5-7B', 'roofline'],
      ],
    );
    const [best] = alternatives[0].options;
    assert.deepEqual(
      [best.labels.gpu, best.replicas, best.verdict, best.first],
      ['H800', 4, 'surely', 'llm_ttft p(95)<500'],
    );
    assert.equal(best.steps.length, 3);
    assert.equal(best.steps[2].slos[0].verdict, 'not');
  });

  it('estimates by the constants of a calibration, and says so', async () => {
    const constants = { schema: 'tokenswarm/calibration', card: 'h800', model: 'Qwen2.5-7B', engine: 'vllm-0.24' };
    folder.write('h800.json', JSON.stringify({ ...constants, constants: { memoryBandwidth: 0.9 } }));
    const args = ['--price', 'prices.json', '--roofline', '--engine', 'vllm-0.24', '--efficiency', 'h800.json'];
    const { stdout } = await advise('results', '--users', '500', ...SLO, ...args);
    const text = stdout.replace(/\s+/g, ' ');
    assert.match(text, /computed by constants calibrated on this card with Qwen2\.5-7B \(h800\.json\): half of such/);
    assert.match(text, /computed by constants of vllm-0\.24, not measured on this card: half of such/);
  });

  it('draws it on a page that is safe and fits a telephone', async function () {
    for (const [users, ttft] of [
      [1, 10],
      [9, 20],
    ] as const) {
      write(`strange/${users}.json`, { users, ttft, labels: { gpu: HOSTILE, model: HOSTILE, tp: '1' } });
    }
    const args = ['results', 'strange', '--users', '500', ...SLO, '--price', 'prices.json', '--roofline'];
    assert.equal((await advise(...args, '--out', 'html=a.html', '--out', 'markdown=a.md')).code, 0);
    assert.doesNotMatch(readFileSync(join(folder.path, 'a.md'), 'utf8'), /<img|NaN|undefined|Infinity/);
    const [, content = ''] = readFileSync(join(folder.path, 'a.html'), 'utf8').split('<main>');
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
      await page.goto(pathToFileURL(join(folder.path, 'a.html')).href);
      assert.deepEqual(wrong, []);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
      // The limit of each of two conditions, for each of two models.
      assert.equal(await page.locator('.narrow line.limit').count(), 4);
      assert.match((await page.locator('main').textContent()) ?? '', /estimated from the roofline/);
    } finally {
      await browser.close();
    }
  }).timeout(60_000);

  it('advises from records of runs against the simulator', async () => {
    const simulator = await forkSimulator();
    folder.write(
      's.ts',
      "import { chat } from 'tokenswarm';\nexport default async () => void (await chat({ messages: [{ role: 'user', content: 'Hi' }] }));\n",
    );
    try {
      const labels = ['--label', 'gpu=H800', '--label', 'model=Qwen2.5-7B', '--label', 'tp=1'];
      const args = [
        'run',
        's.ts',
        '-u',
        '2',
        '-d',
        '1500ms',
        '--base-url',
        simulator.url,
        '--model',
        'sim-ttft5-itl1-len5',
      ];
      const { code, stderr } = await tokenswarm([...args, ...labels, '--out', 'json=real/2.json'], {
        cwd: folder.path,
      });
      assert.equal(code, 0, stderr);
    } finally {
      simulator.stop();
    }
    const { code, stdout, stderr } = await advise('real', '--users', '5', '--slo', 'llm_ttft:p(95)<5000');
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /! Qwen2\.5-7B: 3 replicas of H800, TP 1: 3 cards.* \(simulated\)\n {4}each carries at least 2 users: every measured/,
    );
  }).timeout(30_000);
});
