import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { benchmarkFiles, type Summary } from '../../engine/index.js';
import { benchmarkReport, reportHtml, summaryJson } from '../../reporters/index.js';
import { STUDY } from '../study/study-plan.js';
import { studyRuns } from '../study/study-runs.js';
import { startBrowser } from '../support/browser.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { illegible } from '../support/legible.js';
import { failing, healthy, open, replicated, troubled } from '../unit/reporters/summaries.js';

const BY = ['gpu', 'model', 'tp'];

/** The study of docs/study.md, with runs of half a minute. */
const SHORT = { ...STUDY, ramp: '10s', hold: '30s', latencyPrompts: 150 };

/** Run with names in Chinese. */
const chinese: Summary = JSON.parse(
  JSON.stringify({ ...troubled, labels: { 部署: '华东一区', 模型: '通义千问' } })
    .replaceAll('"peak"', '"晚间批量处理长文本摘要任务"')
    .replaceAll('"chat"', '"物流查询（含偏远地区时效说明）"'),
);

const RUNS = { healthy, troubled, failing, open, replicated, chinese };

describe('pages', function () {
  this.timeout(300_000);
  const folder = testFolder();
  const pathOf = (name: string) => join(folder.path, name);
  let browser: Browser | undefined;

  before(async function () {
    browser = await startBrowser();
    if (!browser) {
      console.log('      skipped: there is no chromium on this machine (apt-get install chromium)');
      return this.skip();
    }
    const prompts = { file: join(ROOT, 'scenarios/data/prompts.zh.jsonl'), sample: 100 };
    for (const { file, record } of studyRuns({ ...SHORT, prompts })) folder.write(file, summaryJson(record, 0));
    for (const kind of ['latency', 'throughput']) {
      folder.write(`${kind}.html`, reportHtml(benchmarkReport(await benchmarkFiles([pathOf(kind)], BY))));
    }
    folder.write(
      'prices.json',
      '{ "currency": "CNY", "perCardHour": { "H800": 18, "H20": 9, "A800": 9, "RTX 4090": 3 } }',
    );
    for (const [name, run] of Object.entries(RUNS)) folder.write(`runs/${name}.json`, summaryJson(run));
  });

  after(() => browser?.close());

  async function assertLegible(page: string): Promise<void> {
    assert.deepEqual(await illegible(browser!, pathToFileURL(pathOf(page)).href), [], page);
  }

  for (const kind of ['latency', 'throughput']) {
    it(`of a study’s ${kind} are legible on a phone, a screen and paper`, () => assertLegible(`${kind}.html`));
  }

  it('of a study’s advice are legible', async () => {
    const asked = ['--users', '500', '--slo', 'llm_ttft:p(95)<500', '--slo', 'llm_tpot:p(95)<25'];
    const args = [
      'advise',
      'throughput',
      ...asked,
      '--price',
      'prices.json',
      '--roofline',
      '--out',
      'html=advice.html',
    ];
    const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
    assert.equal(code, 0, stderr);
    await assertLegible('advice.html');
  });

  for (const name of Object.keys(RUNS)) {
    it(`of a run that is ${name} are legible`, async () => {
      await tokenswarm(['report', `runs/${name}.json`, '--out', `html=${name}.html`], { cwd: folder.path });
      await assertLegible(`${name}.html`);
    });
  }

  it('of two runs, and of a sweep, are legible', async () => {
    const runs = ['runs/healthy.json', 'runs/open.json'];
    await tokenswarm(['compare', ...runs, '--out', 'html=compare.html'], { cwd: folder.path });
    await assertLegible('compare.html');
    const short = [
      '--vary',
      'PEAK_USERS=2,4',
      '-e',
      'RAMP=1s',
      '-e',
      'HOLD=2s',
      '--simulate',
      '--out',
      pathOf('sweep'),
    ];
    const { code, stderr } = await tokenswarm(['sweep', join(ROOT, 'scenarios/throughput.ts'), ...short]);
    assert.equal(code, 0, stderr);
    await assertLegible('sweep/sweep.html');
  });

  it('of simulated runs say so', () => {
    for (const page of ['latency', 'advice', 'healthy', 'compare', 'sweep/sweep']) {
      assert.match(
        readFileSync(pathOf(`${page}.html`), 'utf8'),
        /Simulated: no server and no card has been measured/,
        page,
      );
    }
  });
});
