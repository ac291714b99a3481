import assert from 'node:assert/strict';
import { readProxies } from '../../../../engine/client/transport/proxy.js';
import { PLAIN } from '../../../../engine/client/transport/transport.js';
import { identity, pem } from '../../../support/certificates.js';
import { GOOD, misbehavingServers, plain } from '../../../support/misbehaving-server.js';
import { testProxies } from '../../../support/proxy.js';
import { testClients } from '../../../support/test-client.js';

const TLS = { insecureSkipTLSVerify: false, ca: pem('ca.pem') };

describe('a server behind a proxy', () => {
  const start = misbehavingServers();
  const startProxy = testProxies();
  const clientOf = testClients();
  const through = (proxy: string, env = {}) => ({
    ...PLAIN,
    tls: TLS,
    proxies: readProxies({ ALL_PROXY: proxy, ...env }),
  });

  it('is asked by its whole URL where it is plain, each time on the same socket', async () => {
    const proxy = await startProxy();
    const server = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(server.url, 'sk-1', through(`http://127.0.0.1:${proxy.port}`));
    for (let i = 0; i < 3; i += 1) {
      const { failure, text, connectedAt } = await client.ask();
      assert.deepEqual([failure, text], [undefined, 'Hello you']);
      assert.equal(connectedAt !== undefined, i === 0);
    }
    const url = `${server.url}/v1/chat/completions`;
    assert.deepEqual(proxy.asked, [`POST ${url}`, `POST ${url}`, `POST ${url}`]);
    const [call] = server.calls;
    assert.match(call!.head, /^POST \/v1\/chat\/completions HTTP/);
    assert.match(call!.head, new RegExp(`^host: 127\\.0\\.0\\.1:${server.port}\r$`, 'm'));
    assert.match(call!.head, /^authorization: Bearer sk-1\r$/m);
  });

  for (const secure of [false, true]) {
    const kind = secure ? 'https' : 'http';
    it(`is reached through a tunnel where it is https, and its certificate is looked at (${kind} proxy)`, async () => {
      const proxy = await startProxy({ secure });
      const server = await start(({ socket }) => socket.write(GOOD), { tls: identity('server') });
      const settings = through(`${kind}://localhost:${proxy.port}`);
      const client = clientOf(server.url, undefined, settings);
      for (let i = 0; i < 2; i += 1) assert.equal((await client.ask()).failure, undefined);
      assert.deepEqual(proxy.asked, [`CONNECT 127.0.0.1:${server.port}`]);
      const strange = await start(({ socket }) => socket.write(GOOD), { tls: identity('self-signed') });
      const { failure } = await clientOf(strange.url, undefined, settings).ask();
      assert.equal(failure?.kind, 'connect');
      assert.match(failure.message, /^the server's certificate is self-signed/);
    });
  }

  it('is told who we are only by what the proxy lets through: the password is for the proxy alone', async () => {
    const proxy = await startProxy({ credentials: 'user:sesame' });
    const address = `http://user:sesame@127.0.0.1:${proxy.port}`;
    for (const listening of [{}, { tls: identity('server') }]) {
      const server = await start(({ socket }) => socket.write(GOOD), listening);
      assert.equal((await clientOf(server.url, undefined, through(address)).ask()).failure, undefined);
      assert.ok(!/proxy-authorization/i.test(server.calls[0]!.head));
    }
  });

  it('counts the time of the tunnel as time of the connection, not of TLS', async () => {
    const proxy = await startProxy({ delay: 200 });
    const server = await start(({ socket }) => socket.write(GOOD), { tls: identity('server') });
    const client = clientOf(server.url, undefined, through(`http://127.0.0.1:${proxy.port}`));
    const connection = client.connections.acquire();
    client.connections.release(connection);
    await client.ask();
    const { startedAt, connectedAt, securedAt } = connection.opening;
    assert.ok(connectedAt - startedAt >= 195, `${connectedAt - startedAt} ms`);
    assert.ok(securedAt > connectedAt);
  });

  it('is reached directly where NO_PROXY says so', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const settings = through('http://127.0.0.1:1', { NO_PROXY: `127.0.0.1:${server.port}` });
    assert.equal((await clientOf(server.url, undefined, settings).ask()).failure, undefined);
  });

  describe('fails to connect, with the proxy as the reason,', () => {
    async function failureOf(proxy: string, tls: boolean): Promise<string> {
      const listening = tls ? { tls: identity('server') } : {};
      const server = await start(({ socket }) => socket.write(GOOD), listening);
      const { failure } = await clientOf(server.url, undefined, through(proxy)).ask();
      assert.equal(failure?.kind, 'connect');
      assert.ok(!failure.message.includes('sesame'));
      return failure.message.replace(String(server.port), 'PORT');
    }

    it('where nothing listens', async () => {
      const gone = await startProxy();
      await gone.close();
      for (const tls of [false, true]) {
        const message = await failureOf(`http://user:sesame@127.0.0.1:${gone.port}`, tls);
        const expected = `the proxy http://127.0.0.1:${gone.port} cannot be reached: connect ECONNREFUSED`;
        assert.ok(message.startsWith(expected), message);
      }
    });

    it('where it does not know us', async () => {
      const { port } = await startProxy({ credentials: 'user:other' });
      assert.equal(
        await failureOf(`http://user:sesame@127.0.0.1:${port}`, true),
        `the proxy http://127.0.0.1:${port} requires a valid user and password (HTTP 407)`,
      );
    });

    it('where it opens no tunnel', async () => {
      const { port } = await startProxy({ refusal: 403 });
      assert.equal(
        await failureOf(`http://127.0.0.1:${port}`, true),
        `the proxy http://127.0.0.1:${port} refuses to connect to 127.0.0.1:PORT (HTTP 403)`,
      );
    });

    it('where it is none', async () => {
      const none = await start(({ socket }) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
      assert.match(
        await failureOf(`http://127.0.0.1:${none.port}`, true),
        /^the proxy .* cannot open a tunnel to .*: Parse/,
      );
      const silent = await start(({ socket }) => socket.end());
      assert.match(
        await failureOf(`http://127.0.0.1:${silent.port}`, true),
        /^the proxy .* cannot open a tunnel to .*hang up/,
      );
    });

    it('where its certificate is not believed', async () => {
      const { port } = await start(() => undefined, { tls: identity('self-signed') });
      assert.match(
        await failureOf(`https://127.0.0.1:${port}`, true),
        /^the proxy .* cannot be reached: the server's certificate is self-signed/,
      );
    });
  });

  it('fails with the status where the proxy refuses a plain request', async () => {
    const proxy = await startProxy({ credentials: 'user:sesame' });
    const server = await start(({ socket }) => socket.write(plain(200, 'text/plain', '')));
    const { failure } = await clientOf(server.url, undefined, through(`http://127.0.0.1:${proxy.port}`)).ask();
    assert.deepEqual([failure?.kind, failure?.status], ['http_status', 407]);
    assert.match(failure?.message ?? '', /^HTTP 407.*proxy.*who are you\?/);
    assert.equal(server.calls.length, 0);
  });
});
