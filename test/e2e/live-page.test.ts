import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { openWebPage } from '../../reporters/web/index.js';
import { startBrowser } from '../support/browser.js';
import { spawnTokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { sharedSimulator } from '../support/simulator.js';
import { everything } from '../unit/reporters/snapshots.js';

describe('the live page', function () {
  this.timeout(120_000);
  const folder = testFolder();
  let browser: Browser | undefined;

  before(async function () {
    browser = await startBrowser();
    if (browser) return;
    console.log('      skipped: there is no chromium on this machine (apt-get install chromium)');
    this.skip();
  });
  after(() => browser?.close());

  /** Opens a page and notes its errors and requests elsewhere. */
  async function open(url: string, width = 1200, scheme: 'light' | 'dark' = 'light') {
    const page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:'))
        problems.push(request.url());
    });
    await page.goto(url);
    return { page, problems };
  }

  const text = (page: Page) => page.evaluate(`document.body.innerText`) as Promise<string>;

  /** Waits for a text of the page. Its policy forbids scripts that wait. */
  async function shows(page: Page, pattern: RegExp): Promise<void> {
    const until = Date.now() + 20_000;
    while (!pattern.test(await text(page))) {
      if (Date.now() > until) throw new Error(`${pattern} was not shown:\n${await text(page)}`);
      await page.waitForTimeout(100);
    }
  }

  it('shows a run, pauses it, changes its users, stops it, and becomes its report', async () => {
    const simulator = await sharedSimulator();
    folder.write(
      'chat.ts',
      "import { chat } from 'tokenswarm'; export default () => chat({ messages: 'why?', name: 'ask' });",
    );
    const load = ['-u', '4', '-d', '60s', '--model', 'sim-ttft30-itl2-len12', '-q', '--summary', 'none', '--web'];
    const running = spawnTokenswarm(
      ['run', ...load, 'chat.ts', '--base-url', simulator.url, '--out', 'json=run.json'],
      {
        cwd: folder.path,
      },
    );
    let said = '';
    running.child.stderr?.on('data', (more: string) => {
      said += more;
    });
    await running.saw(/live page: \S+/);
    const url = /live page: (\S+)/.exec(said)?.[1] ?? '';
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{32}$/);
    const views = [await open(url), await open(url, 390, 'dark')];
    for (const { page } of views) {
      await page.waitForSelector('.plot canvas');
      await shows(page, /POST ask/);
      assert.equal(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth + 1`), true, 'too wide');
    }
    const [{ page }] = views as [Awaited<ReturnType<typeof open>>];
    await page.click('[data-action=pause]');
    await shows(page, /paused,/);
    await page.click('[data-action=resume]');
    await page.fill('#users input', '7');
    await page.press('#users input', 'Enter');
    await shows(page, /users\s+7\b/i);
    await page.click('[data-action=stop]');
    for (const { page: each, problems } of views) {
      await each.waitForURL(/\/report\?token=/);
      await each.waitForSelector('.verdict');
      assert.match(await text(each), /Percentiles are off by at most/);
      assert.deepEqual(problems, []);
    }
    await running.ended;
    const { operator = [] } = folder.summary('run.json');
    assert.deepEqual(
      operator.map(({ action }) => action),
      ['pause', 'resume', 'scale'],
    );
    // The process has gone; the page stays.
    assert.match(await text(page), /Percentiles are off by at most/);
    for (const { page: each } of views) await each.close();
  });

  /** Milliseconds of drawing a chart of a growing page, 95th percentile. */
  async function drawing(points: number): Promise<number> {
    let url = '';
    const reporter = await openWebPage({
      ...{ place: '', scenario: 'long.ts', onAction: () => undefined },
      tell: (line) => {
        url = line.replace('live page: ', '');
      },
    });
    const show = (at: number) => {
      const spread = 100 + 50 * Math.sin(at / 40) + (at % 977 === 0 ? 900 : 0);
      const ttft = { count: 9, p50: spread, p95: 2 * spread, p99: 3 * spread };
      const interval = { ...everything.interval!, at, ttft };
      void reporter.onSnapshot?.({ ...everything, interval, elapsed: at * 1000 });
    };
    for (let at = 0; at < points; at += 1) show(at);
    const { page, problems } = await open(url);
    await page.waitForSelector('.plot canvas');
    await page.waitForTimeout(2000);
    await page.evaluate(`
      window.drawn = [];
      new PerformanceObserver((list) => window.drawn.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ entryTypes: ['measure'] });
    `);
    for (let at = points; at < points + 6; at += 1) {
      show(at);
      await page.waitForTimeout(800);
    }
    const drawn = (await page.evaluate(`window.drawn`)) as number[];
    assert.ok(drawn.length >= 40, `${drawn.length} charts drawn`);
    assert.deepEqual(problems, []);
    await page.close();
    return drawn.sort((a, b) => a - b)[Math.floor(0.95 * drawn.length)] ?? Number.NaN;
  }

  it('draws ten hours of points within a frame, or on a busy machine no slower than ten minutes', async () => {
    const [short, long] = [await drawing(600), await drawing(36_000)];
    console.log(`      a chart of 600 points: ${short.toFixed(1)} ms, of 36,000: ${long.toFixed(1)} ms (p95)`);
    assert.ok(long <= Math.max(16, 2 * short), `${long} ms, ${short} ms`);
  });
});
