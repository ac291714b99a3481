import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Summary } from '../../engine/index.js';
import { certificateFile, identity, pem } from '../support/certificates.js';
import { type Start, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { testProxies } from '../support/proxy.js';
import { type Relay, type RelayOptions, startRelay } from '../support/relay.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const MODEL = ['--model', 'sim-ttft5-itl1-len5'];

/** A scenario with these options that chats. */
const chatting = (options: object) =>
  `import { chat } from 'tokenswarm';
   export const options = ${JSON.stringify(options)};
   export default async function () { await chat({ messages: 'hi' }); }`;

/** Counts of a metric over the whole run. */
function whole(summary: Summary, metric: string): Readonly<Record<string, number>> {
  return summary.metrics[metric]?.windows.whole ?? {};
}

describe('a run over TLS, proxies, Unix sockets and HTTP/2', () => {
  const folder = testFolder();
  const startProxy = testProxies();
  const relays: Relay[] = [];
  let simulator: Simulator;
  let plain: string;

  before(async () => {
    simulator = await sharedSimulator();
    plain = folder.write('plain.ts', chatting({ vus: 2, iterations: 6 }));
    for (const name of ['ca.pem', 'client.pem', 'client-key.pem']) folder.write(`pki/${name}`, pem(name));
  });

  afterEach(() => Promise.all(relays.splice(0).map((relay) => relay.close())));
  async function relay(options: RelayOptions): Promise<Relay> {
    const started = await startRelay(simulator.url, options);
    relays.push(started);
    return started;
  }

  /** Runs a scenario that must succeed; returns its summary and output. */
  async function runs(file: string, args: readonly string[], start: Start = {}) {
    const all = ['run', file, ...MODEL, ...args, '--workers', '2', '--out', 'json=out.json'];
    const { code, stdout, stderr } = await tokenswarm(all, {
      cwd: folder.path,
      ...start,
      alone: start.env?.NODE_EXTRA_CA_CERTS !== undefined,
    });
    assert.equal(code, 0, stdout + stderr);
    const summary = folder.summary('out.json');
    assert.deepEqual([summary.failures, summary.errors], [[], []]);
    assert.ok((whole(summary, 'llm_requests').count ?? 0) > 0);
    return { summary, stdout: stdout + stderr };
  }

  /** Runs a scenario that must end with 104; returns stderr. */
  async function refused(file: string, args: readonly string[], start: Start = {}): Promise<string> {
    const { code, stderr, stdout } = await tokenswarm(['run', file, ...MODEL, ...args], { cwd: folder.path, ...start });
    assert.equal(code, 104, stdout + stderr);
    return stderr;
  }

  it('goes over TLS with an authority and a client certificate of the scenario, by paths from its file', async () => {
    const tls = { ...identity('server'), ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: true };
    const { port } = await relay({ tls });
    const baseUrl = `https://localhost:${port}`;
    const files = { ca: 'ca.pem', cert: 'client.pem', key: 'client-key.pem' };
    const file = folder.write('pki/own.ts', chatting({ iterations: 4, vus: 2, baseUrl, tls: files }));
    const { summary } = await runs(file, []);
    assert.equal(summary.target?.baseUrl, `${baseUrl}/v1`);
    assert.equal(whole(summary, 'llm_requests').count, 4);
  });

  it('takes the same from flags, relative to the working folder, and from NODE_EXTRA_CA_CERTS', async () => {
    const { port } = await relay({ tls: identity('server') });
    const target = ['--base-url', `https://localhost:${port}`];
    await runs(plain, [...target, '--ca', 'pki/ca.pem', '--cert', 'pki/client.pem', '--key', 'pki/client-key.pem']);
    await runs(plain, [...target, '--insecure-skip-tls-verify']);
    const env = { NODE_EXTRA_CA_CERTS: certificateFile('ca.pem') };
    await runs(plain, target, { env });
    const other = await relay({ tls: identity('self-signed') });
    folder.write('pki/other.pem', pem('self-signed.pem'));
    await runs(plain, [...target, '--base-url', `https://localhost:${other.port}`, '--ca', 'pki/other.pem'], { env });
  });

  it('takes PEM texts, a name and any certificate from the scenario', async () => {
    const { port } = await relay({ tls: identity('elsewhere') });
    const baseUrl = `https://127.0.0.1:${port}`;
    const named = { baseUrl, tls: { ca: pem('ca.pem'), serverName: 'vllm.example' } };
    await runs(folder.write('named.ts', chatting(named)), []);
    await runs(folder.write('any.ts', chatting({ baseUrl, insecureSkipTLSVerify: true })), []);
  });

  it('is refused with every mistake in its files, before anything is sent', async () => {
    const tls = { ca: 'missing.pem', cert: 'plain.ts', key: 'pki/client-key.pem', passphrase: '' };
    const file = folder.write('wrong.ts', chatting({ tls: { ...tls, passphrase: undefined } }));
    const said = await refused(file, ['--base-url', 'https://localhost:1']);
    assert.match(said, /tls\.ca: cannot be read: ENOENT.*missing\.pem/);
    assert.match(said, /tls\.cert: holds no certificate in PEM form/);
    const flags = ['--base-url', 'https://localhost:1', '--cert', 'pki/client.pem'];
    assert.match(await refused(plain, flags), /--key: is required with a client certificate/);
    assert.match(await refused(folder.write('empty.ts', chatting({ tls })), []), /tls\.passphrase: expected a text/);
    const secret = { tls: { key: 7, passphrase: ['sesame'] }, http2: 'yes' };
    const shown = await refused(folder.write('types.ts', chatting(secret)), []);
    assert.match(shown, /tls\.key: expected a text/);
    assert.match(shown, /http2: expected true or false/);
    assert.ok(!shown.includes('sesame'));
  });

  it('is refused with a hint where the certificate is not trusted', async () => {
    const { port } = await relay({ tls: identity('server') });
    const target = ['--base-url', `https://localhost:${port}`];
    const said = await refused(plain, target);
    assert.match(said, /cannot be reached: the server's certificate is from an unknown authority/);
    assert.match(said, /tls\.ca or --ca, or accept any certificate with --insecure-skip-tls-verify/);
  });

  it('goes through the proxies of the environment, and shows them without their password', async () => {
    const proxy = await startProxy({ credentials: 'user:sesame' });
    const env = { HTTP_PROXY: `http://user:sesame@127.0.0.1:${proxy.port}`, https_proxy: '', NO_PROXY: '' };
    const { summary, stdout } = await runs(plain, ['--base-url', simulator.url], { env });
    assert.equal(summary.target?.proxy, `http://127.0.0.1:${proxy.port}`);
    assert.match(stdout, new RegExp(`through\\s+the\\s+proxy\\s+http://127.0.0.1:${proxy.port}`));
    assert.ok(!(stdout + JSON.stringify(summary)).includes('sesame'));
    assert.equal(proxy.asked.filter((line) => line === `POST ${simulator.url}/v1/chat/completions`).length, 7);
    const { port } = await relay({ tls: identity('server') });
    const tunnelled = ['--base-url', `https://localhost:${port}`, '--ca', 'pki/ca.pem'];
    await runs(plain, tunnelled, { env: { ...env, ALL_PROXY: env.HTTP_PROXY } });
    assert.ok(proxy.asked.includes(`CONNECT localhost:${port}`));
  });

  it('goes past the proxies where NO_PROXY says so, and always to the simulator', async () => {
    const env = { ALL_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: '', http_proxy: '', NO_PROXY: '' };
    const direct = await runs(plain, ['--base-url', simulator.url], { env: { ...env, no_proxy: '127.0.0.0/8' } });
    assert.equal(direct.summary.target?.proxy, undefined);
    await runs(plain, ['--simulate'], { env });
    const said = await refused(plain, ['--base-url', simulator.url], { env });
    assert.match(said, /the proxy http:\/\/127\.0\.0\.1:1 cannot be reached: connect ECONNREFUSED/);
    assert.match(said, /check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY/);
    const socks = { ...env, ALL_PROXY: 'socks5://user:sesame@127.0.0.1:1' };
    const unknown = await refused(plain, ['--base-url', simulator.url], { env: socks });
    assert.match(unknown, /ALL_PROXY: expected the URL of an http or https proxy, got "socks5:\/\/\*\*\*@127/);
  });

  it('is refused where the proxy rejects the credentials', async () => {
    const proxy = await startProxy({ credentials: 'user:sesame' });
    const env = { ALL_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '' };
    assert.match(
      await refused(plain, ['--base-url', simulator.url], { env }),
      /requires a user and password \(HTTP 407\)/,
    );
    const secure = ['--base-url', 'https://localhost:1', '--ca', 'pki/ca.pem'];
    assert.match(await refused(plain, secure, { env }), /requires a valid user and password \(HTTP 407\)/);
  });

  it('goes over a Unix socket', async () => {
    const path = join(folder.path, 'sim.sock');
    await relay({ path });
    const { summary } = await runs(plain, ['--base-url', `unix:${path}:/v1`]);
    assert.equal(summary.target?.baseUrl, `unix:${path}:/v1`);
    assert.match(await refused(plain, ['--base-url', 'unix:relative.sock']), /or unix:\/path/);
  });

  it('goes over HTTP/2 where it is asked for', async () => {
    const versions = new Set<string>();
    const server = createSecureServer({ ...identity('server'), allowHTTP1: true }, (message, response) => {
      versions.add(message.httpVersion);
      const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !name.startsWith(':')));
      const onward = request(simulator.url + message.url, { method: message.method, headers }, (answer) => {
        const type = answer.headers['content-type'] ?? '';
        response.writeHead(answer.statusCode ?? 502, { 'content-type': type });
        answer.pipe(response);
      });
      message.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target = ['--base-url', `https://localhost:${(server.address() as AddressInfo).port}`, '--ca', 'pki/ca.pem'];
    try {
      await runs(plain, target);
      assert.deepEqual([...versions], ['1.1']);
      versions.clear();
      const { summary } = await runs(plain, [...target, '--http2']);
      assert.deepEqual([...versions], ['2.0']);
      assert.equal(whole(summary, 'llm_output_tokens').count, 6 * 5);
    } finally {
      server.close();
    }
  });
});
