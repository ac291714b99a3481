import assert from 'node:assert/strict';
import {
  type Call,
  content,
  END,
  finish,
  GOOD,
  misbehavingServers,
  STREAM,
} from '../../../support/misbehaving-server.js';
import { type TestClient, testClients, until } from '../../../support/test-client.js';

describe("a user's sockets", () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  /** Waits until the client's one idle socket is seen to be closed. */
  async function idleSocketClosed({ connections }: TestClient): Promise<void> {
    const idle = connections.acquire();
    connections.release(idle);
    await until(() => idle.carried === 0);
  }

  it('are one for requests one after the other, opened for the first', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(server.url);
    for (let i = 0; i < 5; i += 1) {
      const { failure, sentAt, connectedAt, headersAt, reconnected } = await client.ask();
      assert.deepEqual([failure, reconnected], [undefined, false]);
      assert.equal(connectedAt !== undefined, i === 0);
      if (connectedAt !== undefined) assert.ok(sentAt <= connectedAt && connectedAt <= headersAt!);
    }
    assert.equal(server.sockets.length, 1);
  });

  it('are as many as requests in flight, and none waits for another', async () => {
    const calls: Call[] = [];
    const server = await start((call) => {
      calls.push(call);
      // The first is answered only when the second has been answered in full.
      if (calls.length === 2) call.socket.write(GOOD);
    });
    const client = clientOf(server.url);
    const first = client.ask();
    await until(() => calls.length === 1);
    assert.equal((await client.ask()).failure, undefined);
    calls[0]?.socket.write(GOOD);
    assert.equal((await first).failure, undefined);
    assert.equal(server.sockets.length, 2);
  });

  it('are used again in the order last used first', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(server.url);
    await Promise.all([client.ask(), client.ask()]);
    for (let i = 0; i < 3; i += 1) await client.ask();
    const [, , third, ...rest] = server.calls.map(({ connection }) => connection);
    assert.deepEqual(rest, [third, third]);
  });

  for (const [how, kill] of [
    ['closed', (call: Call) => call.socket.end()],
    ['destroyed', (call: Call) => call.socket.destroy()],
    ['reset', (call: Call) => call.socket.resetAndDestroy()],
  ] as const) {
    it(`are replaced once where a used one is ${how} before any byte of the answer`, async () => {
      const server = await start((call) => (call.turn === 0 ? call.socket.write(GOOD) : kill(call)));
      const client = clientOf(server.url);
      await client.ask();
      const { failure, reconnected, connectedAt, sentAt, text } = await client.ask();
      assert.deepEqual({ failure, reconnected, text }, { failure: undefined, reconnected: true, text: 'Hello you' });
      assert.ok(connectedAt! >= sentAt);
      assert.equal(server.sockets.length, 2);
      assert.equal((await client.ask()).reconnected, true);
    });

    it(`are not replaced where a fresh one is ${how}: that is a failure to connect`, async () => {
      const server = await start(kill);
      const { failure, reconnected } = await clientOf(server.url).ask();
      assert.equal(failure?.kind, 'connect');
      assert.ok(failure.message.length > 5);
      assert.equal(reconnected, false);
      assert.equal(server.calls.length, 1);
    });

    it(`are replaced once and no more where the second is ${how} as well`, async () => {
      const server = await start((call) =>
        call.connection === 0 && call.turn === 0 ? call.socket.write(GOOD) : kill(call),
      );
      const client = clientOf(server.url);
      await client.ask();
      const { failure, reconnected } = await client.ask();
      assert.deepEqual([failure?.kind, reconnected], ['connect', true]);
      assert.equal(server.sockets.length, 2);
    });
  }

  it('are not asked twice once a byte of the answer has come', async () => {
    const server = await start(({ socket, turn }) => (turn === 0 ? socket.write(GOOD) : socket.end('HTTP/1.1 2')));
    const client = clientOf(server.url);
    await client.ask();
    const { failure, reconnected } = await client.ask();
    assert.deepEqual([failure?.kind, reconnected], ['connect', false]);
    assert.equal(server.calls.length, 2);
  });

  it('are fresh where the idle one was closed, and a fresh one is not replaced', async () => {
    const server = await start(({ socket, connection }) => (connection === 0 ? socket.end(GOOD) : socket.destroy()));
    const client = clientOf(server.url);
    await client.ask();
    await idleSocketClosed(client);
    const { failure, reconnected, connectedAt } = await client.ask();
    assert.deepEqual([failure?.kind, reconnected], ['connect', false]);
    assert.ok(connectedAt !== undefined);
    assert.equal(server.sockets.length, 2);
  });

  it('are never replaced twice where the server closes each after its answer', async () => {
    const server = await start(({ socket, connection }) => (connection === 0 ? socket.end(GOOD) : socket.destroy()));
    const client = clientOf(server.url);
    await client.ask();
    assert.equal((await client.ask()).failure?.kind, 'connect');
    assert.equal(server.sockets.length, 2);
  });

  it('that cannot be opened fail with the address', async () => {
    const server = await start(() => undefined);
    await server.close();
    const { failure, connectedAt, bytesSent, bytesReceived } = await clientOf(server.url).ask();
    assert.deepEqual(failure, { kind: 'connect', message: `connect ECONNREFUSED 127.0.0.1:${server.port}` });
    assert.deepEqual(
      { connectedAt, bytesSent, bytesReceived },
      { connectedAt: undefined, bytesSent: 0, bytesReceived: 0 },
    );
  });

  it('that cannot be opened again carry no bytes of the one before', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(server.url);
    await client.ask();
    await server.close();
    await idleSocketClosed(client);
    const { failure, bytesSent, bytesReceived } = await client.ask();
    assert.deepEqual([failure?.kind, bytesSent, bytesReceived], ['connect', 0, 0]);
  });

  it('count the bytes of each request and answer, on a fresh socket and on a used one', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(server.url);
    for (let i = 0; i < 3; i += 1) {
      const { bytesSent, bytesReceived } = await client.ask();
      const { head, body } = server.calls[i]!;
      assert.deepEqual([bytesSent, bytesReceived], [head.length + Buffer.byteLength(body), GOOD.length]);
    }
  });

  it('are all closed with the set: the idle at once, the others when their answers have ended', async () => {
    const calls: Call[] = [];
    const server = await start((call) => {
      calls.push(call);
      if (call.connection === 0) call.socket.write(GOOD);
      else call.socket.write(STREAM + content('Hello'));
    });
    const client = clientOf(server.url);
    await client.ask();
    const idle = client.connections.acquire();
    const pending = client.ask();
    await until(() => calls.length === 2);
    client.connections.release(idle);
    client.connections.close();
    await until(() => server.sockets[0]!.destroyed);
    assert.equal(server.sockets[1]!.destroyed, false);
    calls[1]!.socket.write(finish() + END);
    assert.equal((await pending).failure, undefined);
    await until(() => server.sockets[1]!.destroyed);
  });
});
