import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSecureServer, constants as http2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Connection } from '../../../../engine/client/transport/connection.js';
import { readProxies } from '../../../../engine/client/transport/proxy.js';
import { PLAIN, Transport } from '../../../../engine/client/transport/transport.js';
import { sleep, systemClock } from '../../../../engine/clock.js';
import { identity, pem } from '../../../support/certificates.js';
import { type H2Call, listenHttp2 } from '../../../support/http2-server.js';
import { GOOD, misbehavingServers } from '../../../support/misbehaving-server.js';
import { testProxies } from '../../../support/proxy.js';
import { testClients, until } from '../../../support/test-client.js';

const OVER_HTTP2 = { ...PLAIN, http2: true, tls: { insecureSkipTLSVerify: false, ca: pem('ca.pem') } };

const eventOf = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const word = (content: string) => eventOf({ choices: [{ delta: { content } }] });
const LAST = eventOf({ choices: [{ delta: {}, finish_reason: 'stop' }] }) + eventOf('[DONE]');

/** Answers with a good stream. */
function answer({ stream }: H2Call): void {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
  stream.end(word('Hello') + word(' you') + LAST);
}

describe('HTTP/2', () => {
  const closing: (() => Promise<void>)[] = [];
  const clientOf = testClients();
  const startHttp1 = misbehavingServers();
  const startProxy = testProxies();

  afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

  /** Starts a server that is closed after the test. */
  async function start(...given: Parameters<typeof listenHttp2>) {
    const server = await listenHttp2(...given);
    closing.push(server.close);
    return server;
  }

  it('is used where enabled and negotiated, one socket a user', async () => {
    const server = await start(answer);
    const client = clientOf(server.url, 'sk-1', OVER_HTTP2);
    for (let i = 0; i < 4; i += 1) {
      const exchange = await client.ask({ headers: { Connection: 'keep-alive', 'X-One': '1' } });
      const { failure, text, status, connectedAt, bytesSent, bytesReceived } = exchange;
      assert.deepEqual([failure, text, status], [undefined, 'Hello you', 200]);
      assert.equal(connectedAt !== undefined, i === 0);
      assert.ok(bytesSent > server.calls[i]!.body.length && bytesReceived > 150, `${bytesSent}, ${bytesReceived}`);
    }
    assert.equal(server.sessions.length, 1);
    const { headers, body } = server.calls[0]!;
    assert.deepEqual(
      [headers[':method'], headers[':path'], headers[':authority'], headers.authorization, headers['x-one']],
      ['POST', '/v1/chat/completions', `localhost:${server.port}`, 'Bearer sk-1', '1'],
    );
    assert.equal(Number(headers['content-length']), Buffer.byteLength(body));
    assert.deepEqual((JSON.parse(body) as { messages: unknown }).messages, [{ role: 'user', content: 'How are you?' }]);
  });

  it('has a socket for each request in flight', async () => {
    const waiting: H2Call[] = [];
    const server = await start((call) => {
      waiting.push(call);
      if (waiting.length === 3) for (const each of waiting) answer(each);
    });
    const client = clientOf(server.url, undefined, OVER_HTTP2);
    const exchanges = await Promise.all([client.ask(), client.ask(), client.ask()]);
    assert.ok(exchanges.every(({ failure }) => failure === undefined));
    assert.equal(server.sessions.length, 3);
  });

  it('is not used unless enabled and negotiated', async () => {
    const versions: string[] = [];
    const both = createSecureServer({ ...identity('server'), allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(word('Hello') + LAST);
    });
    both.listen(0, '127.0.0.1');
    await once(both, 'listening');
    const url = `https://localhost:${(both.address() as AddressInfo).port}`;
    closing.push(async () => void both.close());
    assert.equal((await clientOf(url, undefined, { ...OVER_HTTP2, http2: false }).ask()).failure, undefined);
    assert.equal((await clientOf(url, undefined, OVER_HTTP2).ask()).failure, undefined);
    assert.deepEqual(versions, ['1.1', '2.0']);
    const old = await startHttp1(({ socket, turn }) => (turn < 2 ? socket.write(GOOD) : socket.destroy()), {
      tls: { ...identity('server'), ALPNProtocols: ['http/1.1'] },
    });
    const client = clientOf(`https://localhost:${old.port}`, undefined, OVER_HTTP2);
    const exchanges = [await client.ask(), await client.ask(), await client.ask()];
    assert.deepEqual(
      exchanges.map(({ failure, reconnected }) => [failure, reconnected]),
      [
        [undefined, false],
        [undefined, false],
        [undefined, true],
      ],
    );
    assert.equal(old.sockets.length, 2);
  });

  it('takes one instant for each read', async () => {
    const writtenAt: number[] = [];
    const server = await start(async ({ stream }) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      for (let i = 0; i < 5; i += 1) {
        await sleep(systemClock, 30);
        writtenAt.push(systemClock.now());
        stream.write(word(`${i}a `) + word(`${i}b `));
      }
      await sleep(systemClock, 30);
      writtenAt.push(systemClock.now());
      stream.end(LAST);
    });
    const { failure, chunkAt, headersAt, sentAt, connectedAt, endedAt } = await clientOf(
      server.url,
      undefined,
      OVER_HTTP2,
    ).ask();
    assert.equal(failure, undefined);
    assert.equal(chunkAt.length, 10);
    for (let i = 0; i < 5; i += 1) {
      const [first = 0, second = 0] = chunkAt.slice(2 * i, 2 * i + 2);
      assert.equal(first, second);
      assert.ok(first >= writtenAt[i]! && first < writtenAt[i + 1]!, `event ${i}`);
    }
    const instants = [sentAt, connectedAt!, headersAt!, ...chunkAt, endedAt!];
    assert.deepEqual(
      instants.toSorted((a, b) => a - b),
      instants,
    );
    assert.ok(headersAt! < writtenAt[0]!, 'headers come before the first event');
  });

  it('finishes the request in flight on GOAWAY, then opens a new socket', async () => {
    const server = await start(async (call) => {
      const { stream, session } = call;
      if (call.turn > 0) return answer(call);
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.write(word('Hello'));
      session.goaway(http2.NGHTTP2_NO_ERROR);
      await sleep(systemClock, 50);
      stream.end(word(' you') + LAST);
    });
    const client = clientOf(server.url, undefined, OVER_HTTP2);
    const first = await client.ask();
    assert.deepEqual([first.failure, first.text], [undefined, 'Hello you']);
    const second = await client.ask();
    assert.deepEqual([second.failure, second.reconnected], [undefined, false]);
    assert.ok(second.connectedAt! >= second.sentAt);
    assert.equal(server.sessions.length, 2);
  });

  it('replaces a dead reused socket, once', async () => {
    const server = await start((call) => (call.turn === 1 ? call.socket.destroy() : answer(call)));
    const client = clientOf(server.url, undefined, OVER_HTTP2);
    await client.ask();
    const { failure, reconnected, text } = await client.ask();
    assert.deepEqual([failure, reconnected, text], [undefined, true, 'Hello you']);
    assert.equal(server.sessions.length, 2);
  });

  it('opens a new socket where the idle one was closed', async () => {
    const server = await start(answer);
    const client = clientOf(server.url, undefined, OVER_HTTP2);
    await client.ask();
    const idle = client.connections.acquire();
    client.connections.release(idle);
    server.sessions[0]?.close();
    await until(() => idle.carried === 0);
    const { failure, reconnected } = await client.ask();
    assert.deepEqual([failure, reconnected], [undefined, false]);
  });

  it('explains resets and keeps time limits', async () => {
    const server = await start(({ stream, turn }) => {
      if (turn > 0) return;
      stream.respond({ ':status': 503, 'content-type': 'application/json' });
      stream.end('{"error":{"message":"overloaded"}}');
    });
    const client = clientOf(server.url, undefined, OVER_HTTP2);
    const { failure } = await client.ask();
    assert.deepEqual(failure, { kind: 'http_status', message: 'HTTP 503: overloaded', status: 503 });
    const late = await client.ask({ timeouts: { total: 200, idle: 10_000 } });
    assert.equal(late.failure?.kind, 'timeout');
    const silent = await start(({ stream }) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.write(word('Hello'));
    });
    const idle = await clientOf(silent.url, undefined, OVER_HTTP2).ask({ timeouts: { total: 10_000, idle: 200 } });
    assert.deepEqual([idle.failure?.kind, idle.failure?.message], ['timeout', 'the stream stalled']);
  });

  it('fails to connect as HTTP/1.1 does, certificates included', async () => {
    const server = await start(answer);
    const stranger = clientOf(server.url, undefined, { ...OVER_HTTP2, tls: { insecureSkipTLSVerify: false } });
    assert.match((await stranger.ask()).failure?.message ?? '', /from an unknown authority/);
    const gone = await startHttp1(() => undefined);
    await gone.close();
    const { failure } = await clientOf(`https://127.0.0.1:${gone.port}`, undefined, OVER_HTTP2).ask();
    assert.deepEqual(failure, { kind: 'connect', message: `connect ECONNREFUSED 127.0.0.1:${gone.port}` });
  });

  it("goes through a proxy's tunnel", async () => {
    const proxy = await startProxy();
    const server = await start(answer);
    const proxies = readProxies({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    const { failure } = await clientOf(server.url, undefined, { ...OVER_HTTP2, proxies }).ask();
    assert.equal(failure, undefined);
    assert.deepEqual(proxy.asked, [`CONNECT localhost:${server.port}`]);
    assert.equal(server.sessions.length, 1);
  });

  it('serves any request of the HTTP client, whatever its method, headers and body', async () => {
    const big = 'x'.repeat(3_000_000);
    const server = await start(({ stream, headers, body }) => {
      stream.respond({
        ':status': 201,
        'set-cookie': ['a=1', 'b=2'],
        'x-seen': `${headers[':method']} ${headers['x-a']}`,
      });
      stream.end(headers[':method'] === 'GET' ? big : body);
    });
    const connection = new Connection(server.url, new Transport(OVER_HTTP2), systemClock);
    const got = await connection.request({
      method: 'GET',
      path: '/big',
      headers: ['X-A', '1', 'host', 'other'],
    });
    assert.deepEqual([got.status, got.headers['x-seen'], got.headers['set-cookie']], [201, 'GET 1', ['a=1', 'b=2']]);
    assert.equal(got.text.length, big.length);
    const put = await connection.request({
      method: 'PUT',
      path: '/',
      headers: { 'x-a': '2' },
      body: Buffer.from('早'),
    });
    assert.deepEqual([put.headers['x-seen'], put.text], ['PUT 2', '早']);
    assert.equal(server.calls[0]!.headers[':authority'], 'other');
    assert.equal(server.sessions.length, 1);
    connection.close();
  });
});
