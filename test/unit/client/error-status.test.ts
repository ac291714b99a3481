import assert from 'node:assert/strict';
import { systemClock } from '../../../engine/clock.js';
import { type Call, GOOD, misbehavingServers, plain } from '../../support/misbehaving-server.js';
import { testClients } from '../../support/test-client.js';

const JSON_TYPE = 'application/json';
const asksUsage = ({ body }: Call) => 'stream_options' in (JSON.parse(body) as object);
const REFUSAL = plain(400, JSON_TYPE, '{"error":{"message":"Unknown field: stream_options"}}');

describe('a response with an error status', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('leaves the socket to the next request', async () => {
    const server = await start(({ socket, turn }) => {
      socket.write(turn === 0 ? plain(429, 'text/plain', 'slow down') : GOOD);
    });
    const client = clientOf(server.url);
    assert.equal((await client.ask()).failure?.status, 429);
    assert.equal((await client.ask()).failure, undefined);
    assert.equal(server.sockets.length, 1);
  });

  it('hides the key, even where the server repeats it', async () => {
    const server = await start(({ socket, head }) => {
      const key = /authorization: (.*)\r/.exec(head)?.[1];
      socket.write(plain(401, JSON_TYPE, JSON.stringify({ error: { message: `bad key ${key}: ${key}` } })));
    });
    const { failure } = await clientOf(server.url, 'sk-very-secret').ask();
    assert.equal(failure?.message, 'HTTP 401: bad key Bearer ***: Bearer ***');
  });
});

describe('a server that rejects stream_options', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  for (const [status, body] of [
    [400, '{"error":{"message":"Unknown field: stream_options"}}'],
    [422, '{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}'],
  ] as const) {
    it(`is asked again without it after ${status}, and not again later`, async () => {
      const server = await start((call) => call.socket.write(asksUsage(call) ? plain(status, JSON_TYPE, body) : GOOD));
      const client = clientOf(server.url);
      const exchange = await client.ask();
      assert.equal(exchange.failure, undefined);
      assert.equal(exchange.status, 200);
      assert.equal(exchange.text, 'Hello you');
      assert.equal(client.target.askUsage, false);
      assert.equal((await client.ask()).failure, undefined);
      assert.deepEqual(server.calls.map(asksUsage), [true, false, false]);
    });
  }

  it('has the instants of the second try, and the bytes of both', async () => {
    let refusedAt = 0;
    const server = await start((call) => {
      if (!asksUsage(call)) return call.socket.write(GOOD);
      setTimeout(() => {
        refusedAt = systemClock.now();
        call.socket.write(REFUSAL);
      }, 20);
    });
    const exchange = await clientOf(server.url).ask();
    assert.ok(exchange.sentAt >= refusedAt, 'sent when the refusal was known');
    assert.ok(exchange.headersAt! >= exchange.sentAt);
    assert.equal(exchange.connectedAt, undefined, 'the second try found an open socket');
    const [first, second] = server.calls.map(({ head, body }) => head.length + Buffer.byteLength(body));
    assert.equal(exchange.bytesSent, first! + second!);
    assert.equal(exchange.bytesReceived, REFUSAL.length + GOOD.length);
  });

  it('is asked again by every request in flight at the first refusal', async () => {
    const waiting: Call[] = [];
    const server = await start((call) => {
      if (!asksUsage(call)) return call.socket.write(GOOD);
      waiting.push(call);
      if (waiting.length === 3) for (const { socket } of waiting) socket.write(REFUSAL);
    });
    const client = clientOf(server.url);
    const exchanges = await Promise.all([client.ask(), client.ask(), client.ask()]);
    assert.deepEqual(
      exchanges.map(({ failure }) => failure),
      [undefined, undefined, undefined],
    );
  });

  it('fails where it rejects another field', async () => {
    const server = await start(({ socket }) => socket.write(plain(400, 'text/plain', 'no')));
    const client = clientOf(server.url);
    assert.equal((await client.ask()).failure?.message, 'HTTP 400: no');
    assert.equal(client.target.askUsage, true);
    assert.equal(server.calls.length, 1);
  });

  it('fails where it rejects the second try', async () => {
    const server = await start(({ socket }) => socket.write(REFUSAL));
    const client = clientOf(server.url);
    assert.equal((await client.ask()).failure?.status, 400);
    assert.equal(server.calls.length, 2);
    assert.equal((await client.ask()).failure?.status, 400);
    assert.equal(server.calls.length, 3);
  });
});
