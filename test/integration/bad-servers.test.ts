import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { content, DONE, END, finish, misbehavingServers, STREAM } from '../support/misbehaving-server.js';
import { rowsBelow, saying } from '../support/page.js';
import { SELF_SIGNED } from '../support/self-signed.js';
import { forkSimulator, type SimulatorChild } from '../support/simulator.js';

const CHATTING = `import { chat } from 'tokenswarm';\nexport default async function () { await chat({ messages: 'hi' }); }`;

/** The URL of a server that listens on a free port. */
async function urlOf(server: Server | ReturnType<typeof createRawServer>, scheme = 'http'): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** URL of a port on which no server listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  const url = await urlOf(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

describe('a bad server', () => {
  const folder = testFolder();
  const serve = misbehavingServers();
  const servers: { close(): unknown }[] = [];
  let simulator: SimulatorChild;
  let guarded: SimulatorChild;

  before(async () => {
    [simulator, guarded] = await Promise.all([forkSimulator(), forkSimulator('--api-key', 'sk-right')]);
  });

  after(() => {
    simulator.stop();
    guarded.stop();
    for (const server of servers) server.close();
  });

  async function serving(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    return await urlOf(server);
  }

  async function behaving(behave: (socket: Socket) => void): Promise<string> {
    const server = createRawServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => behave(socket));
    });
    servers.push(server);
    return await urlOf(server);
  }

  async function selfSigned(): Promise<string> {
    const server = createTlsServer(SELF_SIGNED);
    servers.push(server);
    return await urlOf(server, 'https');
  }

  /** The arguments that lead to each row's server. */
  const early: Readonly<Record<string, () => Promise<readonly string[]>>> = {
    down: async () => ['--base-url', await closedPort()],
    'an unknown host name': async () => ['--base-url', 'http://llm.invalid:8000'],
    'https:// to a server that speaks http': async () => ['--base-url', simulator.url.replace('http:', 'https:')],
    'a self-signed certificate': async () => ['--base-url', await selfSigned()],
    'closes the connection': async () => ['--base-url', await behaving((socket) => socket.end())],
    'does not speak HTTP': async () => ['--base-url', await behaving((socket) => socket.end('220 mail ESMTP\r\n'))],
    'wants another key': async () => ['--base-url', guarded.url, '--api-key', 'sk-wrong'],
    'does not know the model': async () => {
      const models = JSON.stringify({ data: [{ id: 'm' }] });
      const url = await serving(({ method }, response) => {
        if (method === 'GET') response.end(models);
        else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"no model gpt-9"}');
      });
      return ['--base-url', url, '--model', 'gpt-9'];
    },
    'answers 400 to a key': async () => {
      const url = await serving((_, response) => response.writeHead(400).end('{"error":"No connected db."}'));
      return ['--base-url', url, '--api-key', 'sk-wrong'];
    },
    'a key with a line break in it': async () => ['--base-url', simulator.url, '--api-key', 'sk\nwrong'],
    "half of a proxy's address": async () => ['--base-url', 'http://llm.invalid:8000'],
    'a web page': async () => ['--base-url', await serving((_, response) => response.end('<!DOCTYPE html><p>hi'))],
    '404': async () => ['--base-url', simulator.url, '--model', 'sim-404'],
    '429': async () => ['--base-url', simulator.url, '--model', 'sim-429'],
    '500': async () => ['--base-url', simulator.url, '--model', 'sim-500'],
    'not a stream': async () => ['--base-url', simulator.url, '--model', 'sim-html'],
    'hangs up': async () => ['--base-url', simulator.url, '--model', 'sim-hangup'],
  };

  describe('is found before the load', () => {
    const rows = rowsBelow('errors.md', '### Found before the load');

    it('in the cases of docs/errors.md, and no others', () => {
      assert.deepEqual(rows.map(([what]) => what).sort(), Object.keys(early).sort());
    });

    for (const [what = '', message] of rows) {
      it(`where it is so: ${what}`, async function () {
        this.timeout(60_000);
        const file = folder.write('early.ts', CHATTING);
        const env: Record<string, string> = what.includes('proxy') ? { HTTP_PROXY: '3128' } : {};
        const { code, stderr } = await tokenswarm(['run', file, ...((await early[what]?.()) ?? [])], { env });
        const shown = stderr.replace(/\s+/g, ' ');
        assert.match(shown, saying(message));
        assert.equal(code, 104, shown);
      });
    }
  });

  describe('during the load', () => {
    const rows = rowsBelow('errors.md', '### During the load');
    const played = rows.filter(([, , model]) => model !== '');
    const others: Readonly<Record<string, () => Promise<string>>> = {
      'the server is down': closedPort,
      'the name cannot be resolved': async () => 'http://llm.invalid:8000',
      'no TLS': async () => simulator.url.replace('http:', 'https:'),
      'an answer given up': async () =>
        (await serve(({ socket }) => socket.write(STREAM + content('Hi') + finish('abort') + DONE + END))).url,
    };

    it('is reported by kind and message for every fault, and the run goes on', async () => {
      const models = played.map(([, , model = '']) => model.replaceAll('`', ''));
      const file = folder.write(
        'all.ts',
        `import { chat, sleep } from 'tokenswarm';
         const models = ${JSON.stringify(models)};
         export const options = {
           scenarios: { each: { executor: 'per-vu-iterations', vus: models.length, iterations: 2 } },
         };
         export default async function () {
           const model = models[__VU - 1] + '-ttft5-itl1-len20';
           await chat({ messages: 'hi', model, name: models[__VU - 1], timeout: { total: '2s', idle: '700ms' } });
         }`,
      );
      const out = `json=${folder.path}/all.json`;
      const args = ['run', file, '--base-url', simulator.url, '--workers', '2', '--out', out];
      const { code, stdout } = await tokenswarm(args);
      assert.equal(code, 0, stdout);
      const { failures, metrics, run, errors } = folder.summary('all.json');
      assert.deepEqual([run.outcome, run.missing, errors], ['completed', [], []]);
      assert.equal(metrics.llm_requests?.windows.whole?.count, 2 * models.length);
      assert.equal(metrics.llm_failed?.windows.whole?.rate, 1);
      assert.equal(failures.length, models.length);
      for (const [kind, , model = '', message] of played) {
        const failure = failures.find(({ name }) => `\`${name}\`` === model);
        assert.deepEqual([`\`${failure?.kind}\``, failure?.count], [kind, 2], model);
        assert.match(failure?.message ?? '', saying(message), model);
      }
    });

    for (const [kind, what = '', model, message] of rows) {
      if (model !== '') continue;
      it(`is told by kind and message: ${what}`, async function () {
        this.timeout(60_000);
        const url = (await others[what]?.()) ?? '';
        const file = folder.write('other.ts', CHATTING);
        const out = `json=${folder.path}/other.json`;
        const args = ['run', file, '--base-url', url, '--model', 'm', '--no-preflight', '-i', '3', '--out', out];
        assert.equal((await tokenswarm(args)).code, 0);
        const [failure, ...more] = folder.summary('other.json').failures;
        assert.deepEqual([`\`${failure?.kind}\``, failure?.count, more], [kind, 3, []]);
        assert.match(failure?.message ?? '', saying(message));
      });
    }

    it('that is down delays neither snapshots, nor a stop, nor the summary', async function () {
      this.timeout(60_000);
      const file = folder.write('down.ts', CHATTING);
      const args = ['run', file, '--base-url', await closedPort(), '--model', 'm', '--no-preflight', '-u', '300'];
      const running = startTokenswarm([...args, '-d', '10m']);
      await running.saw(/300 VUs .*[1-9]\d* failed/);
      running.signal('SIGINT');
      await running.saw('again to stop at once');
      const { code, stdout } = await running.ended;
      assert.equal(code, 105);
      assert.match(stdout, /connect {2}×[\d,]+ /);
    });

    it('that restarts is found again, and the gap shows in the intervals and the failures', async function () {
      this.timeout(60_000);
      let server = await forkSimulator();
      const { port } = new URL(server.url);
      const file = folder.write(
        'restart.ts',
        `import { chat, sleep } from 'tokenswarm';
         export const options = { vus: 4, duration: '12s' };
         export default async function () { await chat({ messages: 'hi', maxTokens: 5 }); await sleep(0.02); }`,
      );
      const out = `json=${folder.path}/restart.json`;
      const running = startTokenswarm(['run', file, '--base-url', server.url, '--model', 'sim', '--out', out]);
      await running.saw(/[1-9]\d* req/);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      server.child.kill('SIGKILL');
      await once(server.child, 'exit');
      await new Promise((resolve) => setTimeout(resolve, 3500));
      server = await forkSimulator('--port', port);
      const { code } = await running.ended;
      server.stop();
      assert.equal(code, 0);
      const { failures, intervals, metrics, quality, warnings } = folder.summary('restart.json');
      assert.match(warnings.join('\n'), /^the server began anew between \d+\.\d s and \d+\.\d s: its counters fell$/m);
      assert.match(quality.reasons.join('\n'), /^the server was away from \d/m);
      const down = failures.find(({ kind }) => kind === 'connect');
      assert.ok(down && down.lastAt - down.firstAt > 1500, JSON.stringify(down));
      const isGap = ({ at, seconds }: (typeof intervals)[number]) =>
        at * 1000 > down.firstAt && (at + seconds) * 1000 < down.lastAt;
      const gap = intervals.filter(isGap);
      assert.ok(gap.length >= 1 && gap.every(({ outputTokens }) => outputTokens === 0), JSON.stringify(gap));
      assert.ok(gap.some(({ failed }) => failed > 0));
      for (const part of [
        intervals.filter(({ at, seconds }) => (at + seconds) * 1000 < down.firstAt),
        intervals.filter(({ at }) => at * 1000 > down.lastAt),
      ]) {
        assert.ok(part.some(({ outputTokens, failed }) => outputTokens > 0 && failed === 0));
      }
      assert.ok((metrics.llm_failed?.windows.whole?.rate ?? 1) < 1);
    });
  });
});
