import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { RecordedInterval, Summary } from '../../../engine/metrics/snapshot.js';
import { reportHtml } from '../../../reporters/document/html.js';
import { type Plotted, plotted } from '../../../reporters/document/plotted.js';
import { data, html } from '../../../reporters/html/markup.js';
import { binned, limitOf } from '../../../reporters/run/distributions.js';
import { runReport } from '../../../reporters/run/report.js';
import { timeCharts } from '../../../reporters/run/time-charts.js';
import { startBrowser } from '../../support/browser.js';
import { testFolder } from '../../support/folder.js';
import { assertGolden } from './golden.js';
import { empty, failing, healthy, interrupted, open, replicated, troubled } from './summaries.js';

const htmlReport = (summary: Summary) => reportHtml(runReport(summary));

const ALL: Readonly<Record<string, Summary>> = { healthy, troubled, interrupted, empty, failing, replicated, open };

const HOSTILE = `<img src=x onerror="document.title='owned'">'"&\n</script><script>document.title='owned'</script>中文\u202e,=1+1`;

/** A summary whose texts from scenarios and servers attack the page. */
function hostile(summary: Summary): Summary {
  const said = new Set([
    'scenario',
    'name',
    'message',
    'where',
    'stack',
    'model',
    'baseUrl',
    'reason',
    'group',
    'source',
    'metric',
    'description',
  ]);
  const text = JSON.stringify(summary, (key, value: unknown) =>
    said.has(key) && typeof value === 'string' ? HOSTILE : value,
  );
  const changed = JSON.parse(text) as Summary;
  return { ...changed, warnings: [HOSTILE], run: { ...changed.run, labels: { [HOSTILE]: HOSTILE } } };
}

/** The healthy run with 65 seconds of intervals, three of them missing. */
function longer(): Summary {
  const [first] = healthy.intervals;
  const latency = (ms: number) => ({ count: 40, p50: ms, p95: ms * 1.4, p99: ms * 1.9 });
  const intervals = Array.from({ length: 65 }, (_, at): RecordedInterval => {
    const wave = 1 + Math.sin(at / 4) / 6;
    const times = {
      ttft: latency(60 * wave),
      tpot: latency(9.8 * wave),
      itl: latency(9.7 * wave),
      e2e: latency(1300 * wave),
    };
    const vus = Math.min(20, 4 * (at + 1));
    return {
      ...first!,
      ...times,
      at,
      vus,
      planned: { vus, rate: 0 },
      requests: 40,
      concurrency: 18,
      outputTokens: 5000 * wave,
    };
  }).filter(({ at }) => at < 30 || at > 32);
  return { ...healthy, intervals };
}

/** A page without the style and script that all pages share. */
function bare(page: string): string {
  return page.replace(/<style>.*?<\/style>/s, '<style></style>').replace(/<script>.*<\/script>/s, '<script></script>');
}

describe('the HTML report', () => {
  for (const [name, summary] of Object.entries(ALL)) {
    it(`of a run that is ${name} looks as in its golden file`, () => {
      const page = bare(htmlReport(summary));
      assertGolden(`report-${name}.html`, page);
      assert.doesNotMatch(page, /NaN|Infinity|undefined|\[object/);
    });
  }

  it('is the same each time', () => assert.equal(htmlReport(troubled), htmlReport(troubled)));

  it('treats foreign text as text', () => {
    assert.equal(
      html`<a title="${`"'<>&`}">${[html`<b>${1}</b>`, undefined, false, null, '<b>']}</a>`.text,
      '<a title="&quot;&#39;&lt;&gt;&amp;"><b>1</b>&lt;b&gt;</a>',
    );
    assert.equal(html`${'a\u0000\u202eb\tc\n'}`.text, 'a  b\tc\n');
    assert.equal(data({ a: '</script><!--' }).text, '{"a":"\\u003c/script>\\u003c!--"}');
  });

  it('escapes what servers and scenarios say', () => {
    const page = bare(htmlReport(hostile(troubled)));
    assert.doesNotMatch(page, /<img|<script>[^<]|\u202e/);
    assert.match(page, /&lt;img src=x onerror=&quot;/);
  });

  it('leaves gaps in the record gaps in its charts', () => {
    const [tokens] = timeCharts(longer());
    const { xs, lines } = plotted(tokens!);
    const at = xs.indexOf(30.5);
    assert.deepEqual(xs.slice(at - 1, at + 2), [29.5, 30.5, 33.5]);
    assert.equal(lines[0]!.values[at], null);
    assert.equal(lines[0]!.values.filter((value) => value === null).length, 1);
  });

  it('shows all samples of a distribution but far outliers', () => {
    const histogram = { values: [0, 10, 20, 1000], counts: [1, 2, 6, 1] };
    const limit = limitOf([{ max: 1000, 'p(95)': 20 }]);
    assert.ok(limit > 50 && limit < 51);
    const bins = binned(histogram, limit);
    assert.equal(Number(bins.reduce((sum, { y }) => sum + y, 0).toFixed(6)), 0.9);
    assert.equal(bins[0]?.y, 0.1);
    assert.ok(limitOf([{ max: 30, 'p(95)': 20 }]) > 30);
  });
});

describe('the HTML report in a browser', () => {
  const folder = testFolder();
  let browser: Browser | undefined;

  before(async function () {
    this.timeout(60_000);
    browser = await startBrowser();
    if (!browser) {
      console.log('      skipped: there is no chromium on this machine (apt-get install chromium)');
      this.skip();
    }
  });

  after(() => browser?.close());

  /** Opens a report; fails if it complains or loads anything else. */
  async function opened(summary: Summary, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser!.newPage(options);
    const wrong: string[] = [];
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) wrong.push(request.url());
    });
    await page.goto(pathToFileURL(folder.write('report.html', htmlReport(summary))).href);
    await page.waitForLoadState();
    assert.deepEqual(wrong, []);
    return page;
  }

  /** Painted pixels of each chart. */
  const inkOf = (page: Page): Promise<number[]> =>
    page.evaluate(`[...document.querySelectorAll('.plot canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ink += 1;
      return ink;
    })`);

  const chartsOf = (page: Page): Promise<Plotted[]> =>
    page.evaluate(`JSON.parse(document.getElementById('charts').textContent)`);

  it('draws every chart', async () => {
    const page = await opened(longer());
    const [ink, charts] = [await inkOf(page), await chartsOf(page)];
    assert.ok(charts.length >= 10, String(charts.length));
    assert.equal(ink.length, charts.length);
    for (const [index, pixels] of ink.entries()) assert.ok(pixels > 1000, `${charts[index]!.title}: ${pixels}`);
    assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(245, 246, 248)');
    await page.close();
  });

  it('is dark where the reader prefers it, and white on paper', async () => {
    const page = await opened(longer(), { colorScheme: 'dark' });
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    assert.equal(await background(), 'rgb(16, 20, 27)');
    assert.ok((await inkOf(page)).every((pixels) => pixels > 1000));
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    assert.equal(await background(), 'rgb(245, 246, 248)');
    assert.ok((await inkOf(page)).every((pixels) => pixels > 1000));
    await page.emulateMedia({ media: 'print' });
    assert.equal(await background(), 'rgb(255, 255, 255)');
    await page.close();
  });

  for (const [name, summary] of [
    ...Object.entries(ALL),
    ['longer', longer()] as const,
    ['hostile', hostile(troubled)] as const,
  ]) {
    it(`of a run that is ${name} fits a phone`, async () => {
      const page = await opened(summary, { viewport: { width: 360, height: 800 } });
      assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
      assert.doesNotMatch(await page.title(), /^owned$/);
      await page.close();
    });
  }

  it("shows a chart's figures at the pointer", async () => {
    const page = await opened(longer());
    await page.locator('.plot .u-over').nth(4).hover();
    const values = await page.locator('.plot').nth(4).locator('.u-value').allTextContents();
    assert.match(values.join(' '), /^\d+(\.\d+)? s(?: \d+(\.\d+)?ms){3}$/);
    await page.close();
  });

  it('is small enough to be sent by mail', () => {
    const { length } = readFileSync(join(folder.path, 'report.html'));
    assert.ok(length < 250_000, String(length));
  });
});
