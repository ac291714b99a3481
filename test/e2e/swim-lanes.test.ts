import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { SessionLane } from '../../engine/metrics/session-lanes.js';
import { reportHtml } from '../../reporters/index.js';
import { runReport } from '../../reporters/run/report.js';
import { startBrowser } from '../support/browser.js';
import { testFolder } from '../support/folder.js';
import { illegible } from '../support/legible.js';
import { settings } from '../support/run.js';
import { virtualTime } from '../support/virtual-time.js';

const SCENARIO = `
import { session } from 'tokenswarm';
export const options = { scenarios: { agents: { executor: 'constant-vus', vus: 3, duration: '30s', gracefulStop: '0s' } } };
export default () => session('job', async (s) => {
  await s.turn({ prompt: 'go' });
  await s.tool('grep', '2s');
  const found = s.subagent('look', async (child) => { await child.turn({ prompt: 'where?' }); await child.tool('find', '3s'); });
  await s.think('1s');
  await found;
  await s.turn({ prompt: 'so?' });
});
`;

describe('swim lanes', function () {
  this.timeout(120_000);
  const folder = testFolder();
  const time = virtualTime();
  let browser: Browser | undefined;

  before(async function () {
    browser = await startBrowser();
    if (!browser) return this.skip();
    const summary = await time.runToEnd(
      folder.write('a.ts', SCENARIO),
      settings(time.url, {}, 'sim-ttft500-itl10-len50'),
    );
    folder.write('few.html', reportHtml(runReport(summary)));
    const { sessions: record } = summary;
    assert.ok(record?.lanes);
    const [one] = record.lanes.sessions;
    const sessions = Array.from({ length: 1000 }, (_, user): SessionLane => {
      const spans = Array.from({ length: 48 }, (__, at) => [at % 3, at * 600, 590]).flat();
      return { ...one!, user: user + 1, agents: [{ name: 'job', from: user, to: 29_000, spans }] };
    });
    const many = { ...record, lanes: { users: 1000, of: 1200, sessions } };
    folder.write('many.html', reportHtml(runReport({ ...summary, sessions: many })));
  });

  after(() => browser?.close());

  const urlOf = (name: string) => pathToFileURL(join(folder.path, name)).href;

  async function open(name: string, width = 1600): Promise<Page> {
    const page = await browser!.newPage({ viewport: { width, height: 900 } });
    page.on('pageerror', (error) => assert.fail(error.message));
    await page.goto(urlOf(name));
    await page.locator('figure.lanes').scrollIntoViewIfNeeded();
    return page;
  }

  /** Numbers of colors in the lanes that are drawn. */
  const colors = (page: Page) =>
    page.evaluate<number>(`(() => {
      const canvas = document.querySelector('.rows canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()`);

  it('draw each session and subagent, and say what is pointed at', async () => {
    const page = await open('few.html');
    assert.ok((await colors(page)) >= 4, 'model, tools, thinking, waiting');
    const box = (await page.locator('.rows canvas').boundingBox())!;
    // Its first tool took from 0.99 s to 2.99 s of 30 s.
    await page.mouse.move(box.x + 62 + ((box.width - 62) * 2) / 30, box.y + 5);
    assert.match((await page.locator('.lanes output').textContent()) ?? '', /user 1: job, [\d.]+s, ended · in tools 2/);
    await page.mouse.move(box.x + 62 + ((box.width - 62) * 5.5) / 30, box.y + 24);
    assert.match(
      (await page.locator('.lanes output').textContent()) ?? '',
      /user 1: job › look, [\d.]+s, ended · in tools 3/,
    );
    await page.close();
  });

  it('are zoomed by a drag and by buttons, and shown whole again', async () => {
    const page = await open('few.html');
    const picture = () => page.evaluate<string>(`document.querySelector('canvas.time').toDataURL()`);
    const frame = () =>
      page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
    const whole = await picture();
    const box = (await page.locator('.rows canvas').boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 10);
    await page.mouse.up();
    await frame();
    const zoomed = await picture();
    assert.notEqual(zoomed, whole);
    await page.locator('[data-zoom=out]').click();
    await frame();
    assert.notEqual(await picture(), zoomed);
    await page.locator('[data-zoom=all]').click();
    await frame();
    assert.equal(await picture(), whole);
    await page.close();
  });

  it('are fluid with a thousand sessions, and say that there were more', async () => {
    const page = await open('many.html');
    assert.match((await page.locator('.lanes > p').textContent()) ?? '', /The first 1,000 of 1,200 users/);
    // The time of drawing alone: a frame has 16.7 ms, and other processes share this machine.
    const drawing = await page.evaluate<number>(`(async () => {
      const box = document.querySelector('.rows');
      const asked = window.requestAnimationFrame.bind(window);
      const times = [];
      for (let step = 0; step < 21; step += 1) {
        const drawn = new Promise((done) => {
          window.requestAnimationFrame = (draw) =>
            asked((at) => {
              const before = performance.now();
              draw(at);
              done(performance.now() - before);
            });
        });
        box.scrollTop = 40 * (step + 1);
        times.push(await drawn);
      }
      return times.sort((a, b) => a - b)[10];
    })()`);
    assert.ok(drawing < 16, `${drawing} ms`);
    await page.close();
  });

  it('are legible on a phone, a screen and paper', async () => {
    assert.deepEqual(await illegible(browser!, urlOf('few.html')), []);
  });
});
