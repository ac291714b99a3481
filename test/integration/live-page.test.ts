import assert from 'node:assert/strict';
import { get as httpGet } from 'node:http';
import { createServer } from 'node:net';
import type { Reporter } from '../../engine/index.js';
import type { KeyAction } from '../../reporters/core.js';
import { openWebPage } from '../../reporters/web/index.js';
import { startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { sharedSimulator } from '../support/simulator.js';
import { everything } from '../unit/reporters/snapshots.js';
import { healthy } from '../unit/reporters/summaries.js';

interface Event {
  readonly event: string;
  readonly data: string;
}

describe('--web', () => {
  const opened: Reporter[] = [];
  const folder = testFolder();
  after(async () => {
    for (const reporter of opened) await reporter.onEnd?.(healthy);
  });

  async function open(place = '') {
    const actions: KeyAction[] = [];
    let url = '';
    const tell = (line: string) => {
      url = line.replace('live page: ', '');
    };
    const reporter = await openWebPage({ place, scenario: '<b>.ts', tell, onAction: (action) => actions.push(action) });
    opened.push(reporter);
    const { origin, port, searchParams } = new URL(url);
    return { reporter, actions, origin, port, token: searchParams.get('token') ?? '' };
  }

  /** Status of a request with a host header. Fetch does not let one choose it. */
  function statusFor(port: string, host: string, path: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      httpGet({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
  }

  const show = (reporter: Reporter, at: number) =>
    reporter.onSnapshot?.({ ...everything, interval: { ...everything.interval!, at }, elapsed: at * 1000 });

  /** Events of the stream until one has come so often. */
  async function events(url: string, last: string, times = 1): Promise<readonly Event[]> {
    const leave = new AbortController();
    const answer = await fetch(url, { signal: leave.signal });
    const found: Event[] = [];
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
        if (event !== '') found.push({ event, data });
      }
      if (found.filter(({ event }) => event === last).length >= times) break;
    }
    leave.abort();
    return found;
  }

  it('shows and changes nothing without the token', async () => {
    const { origin, token, actions } = await open();
    for (const path of ['/', '/events', '/report']) {
      for (const given of ['', '?token=', `?token=${'0'.repeat(32)}`]) {
        assert.equal((await fetch(`${origin}${path}${given}`)).status, 403, path + given);
      }
    }
    const pause = { method: 'POST', body: '{"type":"pause"}' };
    assert.equal((await fetch(`${origin}/control`, pause)).status, 403);
    assert.equal((await fetch(`${origin}/control`, { ...pause, headers: { 'x-token': token } })).status, 200);
    assert.deepEqual(actions, [{ type: 'pause' }]);
  });

  it('answers targets that are no URL', async () => {
    const { port, token } = await open();
    assert.equal(await statusFor(port, `127.0.0.1:${port}`, '//'), 403);
    assert.equal(await statusFor(port, `127.0.0.1:${port}`, `//?token=${token}`), 404);
  });

  it('is served to its own address alone', async () => {
    const { port, token, origin, actions } = await open();
    const page = `/?token=${token}`;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      assert.equal(await statusFor(port, host, page), 200, host);
    }
    for (const host of [`evil.example:${port}`, 'evil.example', `127.0.0.1.evil.example:${port}`]) {
      assert.equal(await statusFor(port, host, page), 421, host);
    }
    const headers = { 'x-token': token, origin: 'http://evil.example' };
    assert.equal((await fetch(`${origin}/control`, { method: 'POST', headers, body: '{"type":"stop"}' })).status, 403);
    assert.deepEqual(actions, []);
  });

  it('allows nothing from elsewhere, and shows no name as markup', async () => {
    const { origin, token } = await open();
    const answer = await fetch(`${origin}/?token=${token}`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    const page = await answer.text();
    assert.ok(page.includes('&lt;b&gt;.ts') && !page.includes('<b>.ts') && !page.includes(token));
  });

  it('refuses commands that are none', async () => {
    const { origin, token, actions } = await open();
    const commands = ['', '{', '[]', '{"type":"exit"}', '{"type":"scale","scenario":"a","vus":-1}', '{"type":"scale"}'];
    for (const body of [...commands, `{"type":"${'x'.repeat(100_000)}"}`]) {
      const answer = await fetch(`${origin}/control`, { method: 'POST', headers: { 'x-token': token }, body });
      assert.equal(answer.status, 400, body.slice(0, 40));
    }
    assert.deepEqual(actions, []);
  });

  it('gives each viewer everything so far, and then what is new', async () => {
    const { reporter, origin, token } = await open();
    const url = `${origin}/events?token=${token}`;
    for (let at = 0; at < 50; at += 1) void show(reporter, at);
    const [all] = await events(url, 'all');
    const { charts, points } = JSON.parse(all?.data ?? '{}');
    assert.equal(points.length, 50);
    const lines = charts.reduce((sum: number, chart: { lines: object[] }) => sum + chart.lines.length, 0);
    assert.equal(points[0].length, lines + 1);
    // One that comes back has missed nothing.
    const watching = events(url, 'point', 2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const at of [50, 51]) void show(reporter, at);
    const seen = await watching;
    assert.equal(JSON.parse(seen.find(({ event }) => event === 'all')?.data ?? '').points.length, 50);
    assert.deepEqual(
      seen.filter(({ event }) => event === 'point').map(({ data }) => JSON.parse(data)[0]),
      [50.5, 51.5],
    );
    assert.match(seen.find(({ event }) => event === 'view')?.data ?? '', /NVIDIA|POST chat/);
  });

  it('shows what a paused run waits for, with a button that resumes it', async () => {
    const { reporter, origin, token } = await open();
    void reporter.onWait?.('paused: <b>', true);
    const seen = await events(`${origin}/events?token=${token}`, 'view');
    const view = seen.find(({ event }) => event === 'view');
    const { top, isPaused, isOver } = JSON.parse(view?.data ?? '{}');
    assert.deepEqual([top, isPaused, isOver], ['<p>paused: &lt;b&gt;</p>', true, false]);
  });

  it('costs less than one percent of a core with two viewers', async () => {
    const { reporter, origin, token } = await open();
    const url = `${origin}/events?token=${token}`;
    const viewers = [events(url, 'point', 300), events(url, 'point', 300)];
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = process.cpuUsage();
    for (let at = 0; at < 300; at += 1) {
      void show(reporter, at);
      if (at % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { user, system } = process.cpuUsage(before);
    await Promise.all(viewers);
    // Microseconds of 300 seconds.
    const share = (user + system) / 300e6;
    assert.ok(share < 0.01, `${(100 * share).toFixed(2)} % of a core`);
  });

  it('is there while a run goes on, and says where', async () => {
    const simulator = await sharedSimulator();
    folder.write('chat.ts', "import { chat } from 'tokenswarm'; export default () => chat({ messages: 'why?' });");
    const load = ['-u', '2', '-d', '2s', '--model', 'sim-ttft5-itl1-len5', '-q', '--summary', 'none'];
    const running = startTokenswarm(['run', '--web', 'chat.ts', '--base-url', simulator.url, ...load], {
      cwd: folder.path,
    });
    await running.saw(/live page: http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{32}/);
    assert.equal((await running.ended).code, 0);
  });

  it('says before the load that its port is taken, or wrong', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const taken = await tokenswarm(['run', 'chat.ts', `--web=${port}`], { cwd: folder.path });
    other.close();
    assert.deepEqual([taken.code, taken.stderr.includes(`port ${port} is taken`)], [104, true]);
    const wrong = await tokenswarm(['run', 'chat.ts', '--web=here'], { cwd: folder.path });
    assert.match(wrong.stderr, /expected PORT or HOST:PORT, got "here"/);
  });
});
