import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { summaryJson } from '../../reporters/json.js';
import { startBrowser } from '../support/browser.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks } from '../support/page.js';
import { assertGolden } from '../unit/reporters/golden.js';
import { empty, failing, healthy } from '../unit/reporters/summaries.js';
import { GUIDELLM, scaled } from './compared-files.js';

const HOSTILE = `<img src=x onerror=alert(1)>"'&中文`;

describe('tokenswarm compare', () => {
  const folder = testFolder();
  const compare = (...args: readonly string[]) => tokenswarm(['compare', ...args], { cwd: folder.path });

  before(() => {
    folder.write('a.json', summaryJson(scaled(1)));
    folder.write('same.json', summaryJson(scaled(1.01)));
    folder.write('slow.json', summaryJson(scaled(1.3)));
    folder.write('guidellm.json', JSON.stringify(GUIDELLM));
  });

  it('shows whether each run is faster or slower than the first, or not distinguishable', async () => {
    const { code, stdout } = await compare('a.json', 'same.json', 'slow.json');
    assert.equal(code, 0);
    assertGolden('compare.txt', stdout);
    const [, same = '', slow = ''] = stdout.split('AGAINST A');
    assert.match(same, /TTFT p95 +78\.01ms +78\.79ms +\+1\.0% +-3\.\d…\+5\.\d% {2}no difference shown/);
    assert.match(slow, /TTFT p95 +78\.01ms +101\.41ms +\+30\.0% +\+2\d\.\d…\+3\d\.\d% {2}slower/);
  });

  it('exits with 99 where a condition is crossed, and with 0 where none is', async () => {
    const condition = [
      '--fail-if',
      'llm_ttft:p(95)>+10%',
      '--fail-if',
      'llm_failed>+0.01',
      '--fail-if',
      'llm_output_tokens_per_second<-5%',
    ];
    assert.equal((await compare('a.json', 'same.json', ...condition)).code, 0);
    const { code, stdout } = await compare('a.json', 'slow.json', ...condition);
    assert.equal(code, 99);
    assert.match(stdout, /✗ llm_ttft:p\(95\)>\+10% +B \+30\.0%/);
    assert.match(stdout, /✓ llm_failed>\+0\.01 +B \+0/);
  });

  it('reports the problems of all conditions at once', async () => {
    const bad = await compare(
      'a.json',
      'slow.json',
      '--fail-if',
      'faster',
      '--fail-if',
      'llm_ttft:p95>10%',
      '--fail-if',
      'a:avg>>3',
    );
    assert.deepEqual([bad.code, bad.stdout], [104, '']);
    for (const text of ['faster', 'a:avg>>3']) assert.match(bad.stderr, new RegExp(`"${text}" cannot be read`));
    const unknown = await compare(
      'a.json',
      'slow.json',
      '--fail-if',
      'llm_tft:p(95)>10%',
      '--fail-if',
      'llm_ttft:p(97)>10%',
    );
    assert.equal(unknown.code, 104);
    assert.match(unknown.stderr, /A has no metric "llm_tft"; did you mean "llm_ttft"\?/);
    assert.match(unknown.stderr, /A has no p\(97\) of llm_ttft; it has count, avg, /);
    assert.match(unknown.stdout, /TTFT p95/);
    const nothing = await compare('a.json', 'slow.json', '--fail-if', 'llm_failed:rate>10%');
    assert.match(nothing.stderr, /it is 0 in A, of which there is no percentage/);
  });

  it('does not compare runs whose requests have other lengths', async () => {
    const tokens = scaled(1).metrics.llm_output_tokens!;
    const longer = { ...tokens, values: { ...tokens.values, avg: 160 } };
    folder.write(
      'longer.json',
      summaryJson({ ...scaled(1.3), metrics: { ...scaled(1.3).metrics, llm_output_tokens: longer } }),
    );
    const { code, stdout, stderr } = await compare('a.json', 'longer.json', '--fail-if', 'llm_ttft:p(95)>10%');
    assert.match(stdout, /TTFT p95 .* not comparable/);
    assert.match(stdout, /failed .* no difference shown/);
    assert.match(stdout, /B is not comparable with A: 160\.0 output tokens a request against 128\.0/);
    assert.equal(code, 104);
    assert.match(stderr, /B cannot be compared with A: 160\.0 output tokens/);
  });

  it('warns of plans, models, scenarios and numbers that differ or cannot be trusted', async () => {
    const { plan, target } = healthy;
    const [scenario] = plan.scenarios;
    const other: Summary = {
      ...scaled(1),
      plan: { ...plan, scenarios: [{ ...scenario!, description: '64 VUs' }] },
      target: { ...target!, model: HOSTILE, simulated: false },
      quality: { ...healthy.quality, verdict: 'suspect', reasons: ['a worker was busy'] },
    };
    folder.write('strange.json', summaryJson(other));
    const said = (await compare('a.json', 'strange.json')).stdout.replace(/\n {6}/g, ' ');
    assert.match(said, /! the plan differs: A default: 0 to 20 VUs over 1m5s; B default: 64 VUs/);
    assert.match(said, /! the model differs: A Qwen\/Qwen2\.5-7B-Instruct; B <img/);
    assert.match(said, /! the target differs: A the simulator; B a real server/);
    assert.match(said, /! the numbers of B are suspect: a worker was busy/);
  });

  it('describes runs without requests, and those with failures only', async () => {
    folder.write('nothing.json', summaryJson(empty));
    folder.write('failing.json', summaryJson(failing));
    const { code, stdout } = await compare('a.json', 'nothing.json', 'failing.json');
    assert.equal(code, 0);
    assert.match(stdout, /B AGAINST A\n\n {4}no figure is in both/);
    assert.match(stdout, /! B has no figure that can be compared/);
    assert.match(stdout, /failed +0\.00% +100\.00% .* more\n/);
    assert.match(stdout, /! every request of C failed/);
    assert.doesNotMatch(stdout, /NaN|Infinity|undefined/);
  });

  for (const line of blocks('docs/compare.md', 'sh').flatMap((block) => block.trim().split('\n'))) {
    // Those by labels are run in compare-by.test.ts.
    if (line.includes('--by')) continue;
    it(`does what docs/compare.md says: ${line}`, async () => {
      for (const name of ['before.json', 'after.json', 'other.json']) folder.write(name, summaryJson(scaled(1)));
      const [, ...args] = line.replaceAll("'", '').split(' ');
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 0, stderr);
    });
  }

  it('writes all of it as JSON', async () => {
    await compare('a.json', 'slow.json', '--out', 'json=out/compare.json', '--fail-if', 'llm_ttft:med>10%');
    const { schema, runs, rows, conditions } = JSON.parse(readFileSync(join(folder.path, 'out/compare.json'), 'utf8'));
    assert.deepEqual([schema, runs.length], ['tokenswarm/comparison', 2]);
    const row = rows.find(({ metric, key }: { metric: string; key: string }) => metric === 'llm_ttft' && key === 'med');
    assert.equal(row.changes.B.word, 'slower');
    assert.ok(Math.abs(row.changes.B.ratio - 1.3) < 1e-6);
    assert.deepEqual([conditions[0].run, conditions[0].crossed], ['B', true]);
  });

  it('overlays the runs in the charts of a page', async function () {
    const browser = await startBrowser();
    if (!browser) {
      console.log('      skipped: there is no chromium on this machine (apt-get install chromium)');
      return this.skip();
    }
    try {
      const args = ['a.json', 'slow.json', 'strange.json', 'guidellm.json', '--out', 'html=compare.html'];
      assert.equal((await compare(...args)).code, 0);
      const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
      const wrong: string[] = [];
      page.on('console', (message) => wrong.push(message.text()));
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('request', (request) => !/^(file|data):/.test(request.url()) && wrong.push(request.url()));
      await page.goto(pathToFileURL(join(folder.path, 'compare.html')).href);
      assert.deepEqual(wrong, []);
      assert.ok(Number(await page.evaluate(`document.querySelectorAll('.plot canvas').length`)) > 2);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
      assert.match((await page.locator('main').textContent()) ?? '', /<img src=x onerror=alert\(1\)>/);
    } finally {
      await browser.close();
    }
  }).timeout(60_000);
});
