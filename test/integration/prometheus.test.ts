import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { assertClosed, freePort } from '../support/port.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** Value of a sample; undefined where the page has none. */
function sample(page: string, name: string): number | undefined {
  const line = page.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

/** Header of a Prometheus. */
const scraper = { 'x-prometheus-scrape-timeout-seconds': '10' };

describe('--out prometheus', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
    folder.write(
      'chat.ts',
      `import { chat } from 'tokenswarm';
       export default async function () {
         await chat({ messages: 'why?', name: 'first' });
       }`,
    );
  });
  const args = (...more: readonly string[]) => [
    ...['run', 'chat.ts', '--base-url', simulator.url, '--model', 'sim-ttft20-itl2-len8'],
    ...['-u', '4', '--workers', '2', '-q', '--summary', 'none', '--label', 'gpu=H200', ...more],
  ];

  it('serves the metrics during the run, and the last of them after it', async () => {
    const port = await freePort();
    const at = `http://127.0.0.1:${port}/metrics`;
    const out = ['--out', `prometheus=127.0.0.1:${port}`, '--out', 'json=run.json'];
    const running = startTokenswarm(args('-d', '3s', ...out), { cwd: folder.path });
    await untilServed(at);
    const during = await (await fetch(at, { headers: scraper })).text();
    assert.match(during, /^# TYPE tokenswarm_vus gauge$/m);
    await running.saw(/waiting for a last scrape, \d+ s at most/);
    const last = await (await fetch(at, { headers: scraper })).text();
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    const { metrics } = folder.summary('run.json');
    const sum = (name: string) =>
      ['steady', 'outside'].reduce(
        (all, phase) => all + (sample(last, `${name}{scenario="default",name="first",phase="${phase}"}`) ?? 0),
        0,
      );
    assert.equal(sum('tokenswarm_llm_requests_total'), metrics.llm_requests?.windows.whole?.count);
    assert.equal(sum('tokenswarm_llm_ttft_seconds_count'), metrics.llm_ttft?.windows.whole?.count);
    assert.equal(sum('tokenswarm_llm_output_tokens_sum'), metrics.llm_output_tokens?.windows.whole?.count);
    assert.match(last, /^tokenswarm_run_info\{gpu="H200",scenario_file="chat.ts",/m);
    await assertClosed(at);
  });

  it('answers in the format that is asked for, packed if asked', async () => {
    const port = await freePort();
    const at = `http://127.0.0.1:${port}`;
    const running = startTokenswarm(args('-d', '2s', '--out', `prometheus=127.0.0.1:${port}`), { cwd: folder.path });
    await untilServed(`${at}/metrics`);
    const get = async (accept: string, path = '/metrics') => {
      const answer = await fetch(at + path, { headers: { accept } });
      return [answer.status, answer.headers.get('content-type'), await answer.text()] as const;
    };
    const [, plain] = await get('*/*');
    assert.equal(plain, 'text/plain; version=0.0.4; charset=utf-8');
    const [, open, page] = await get('application/openmetrics-text;version=1.0.0,text/plain;q=0.5,*/*;q=0.1');
    assert.equal(open, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.match(page, /^# UNIT tokenswarm_llm_ttft_seconds seconds$/m);
    assert.ok(page.endsWith('\n# EOF\n'));
    const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    assert.match(String((await get(`${protobuf},text/plain;q=0.4`))[1]), /^application\/vnd\.google\.protobuf; proto=/);
    const raw = await fetch(`${at}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(raw.headers.get('content-encoding'), 'gzip');
    assert.match(await raw.text(), /^# HELP tokenswarm_/);
    assert.equal((await get('*/*', '/'))[0], 404);
    assert.equal((await fetch(`${at}/metrics`, { method: 'POST' })).status, 405);
    assert.equal((await running.ended).code, 0);
  });

  it('bounds a thousand names, and says so', async () => {
    folder.write(
      'names.ts',
      `import { chat } from 'tokenswarm';
       export default async function () {
         for (let i = 0; i < 250; i += 1) await chat({ messages: 'why?', name: \`n\${__VU}-\${i}\` });
       }`,
    );
    const port = await freePort();
    const load = ['-i', '4', '-d', '60s', '--model', 'sim-ttft0-itl0-len1', '--out', `prometheus=127.0.0.1:${port}`];
    const running = startTokenswarm(
      args(...load, '--out', 'json=names.json').map((arg) => arg.replace('chat.ts', 'names.ts')),
      { cwd: folder.path },
    );
    const page = await lastPage(`http://127.0.0.1:${port}/metrics`, running.ended);
    assert.equal((await running.ended).code, 0);
    const names = new Set(page.match(/,name="[^"]*"/g));
    assert.ok(names.has(',name="(other)"') && names.size < 200, String(names.size));
    assert.ok(page.length < 8e6, String(page.length));
    assert.match(folder.summary('names.json').warnings.join('\n'), /more than 1000 series/);
  });

  it('leaves at once when asked to, with the run’s own exit code', async () => {
    const port = await freePort();
    const out = ['--out', `prometheus=127.0.0.1:${port}`];
    const running = startTokenswarm(args('-d', '1500ms', ...out), { cwd: folder.path });
    await untilServed(`http://127.0.0.1:${port}/metrics`);
    await running.saw('waiting for a last scrape');
    running.signal('SIGINT');
    assert.equal((await running.ended).code, 0);
  });

  it('says before the load that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await tokenswarm(args('-d', '1s', '--out', `prometheus=127.0.0.1:${port}`), {
      cwd: folder.path,
    });
    other.close();
    assert.equal(code, 104);
    assert.match(stderr, new RegExp(`--out prometheus=127.0.0.1:${port}.*\n?.*port ${port} is taken`));
  });

  for (const [text, message] of [
    ['prometheus', /expected prometheus=PLACE, :PORT or HOST:PORT/],
    ['prometheus=here', /expected :PORT or HOST:PORT, got "here"/],
    ['prometheus:x=:1', /prometheus has no options/],
    ['prometheus=:99999', /expected :PORT or HOST:PORT/],
    ['prometeus=:9464', /there is no format called "prometeus"; did you mean "prometheus"/],
  ] as const) {
    it(`refuses ${text}`, async () => {
      const { code, stderr } = await tokenswarm(args('-d', '1s', '--out', text), { cwd: folder.path });
      assert.equal(code, 104);
      assert.match(stderr.replace(/\s+/g, ' '), message);
    });
  }

  it('is nothing that a saved record can be made into', async () => {
    const { code, stderr } = await tokenswarm(['report', 'run.json', '--out', 'prometheus=:9464'], {
      cwd: folder.path,
    });
    assert.equal(code, 104);
    assert.match(stderr, /"prometheus=:9464" can be made only while a run goes on/);
  });
});

/** The page, as Prometheus reads it. undici 7.30 throws where a server closes while a large body is read (nodejs/undici#5360). */
async function scrape(at: string): Promise<string> {
  const [answer] = (await once(get(at, { headers: scraper }), 'response')) as [IncomingMessage];
  return await text(answer);
}

/** The page as it was scraped last, once its process has ended. */
async function lastPage(at: string, ended: Promise<unknown>): Promise<string> {
  let page = '';
  let isServed = true;
  void ended.then(() => {
    isServed = false;
  });
  while (isServed) {
    page = await scrape(at).catch(() => page);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return page;
}

/** Resolves once the page has figures. */
async function untilServed(at: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const page = await scrape(at).catch(() => undefined);
    if (page?.includes('tokenswarm_llm_requests_total')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${at} is not served`);
}
