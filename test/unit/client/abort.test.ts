import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { chatProtocol } from '../../../engine/client/protocols/chat.js';
import { systemClock } from '../../../engine/clock.js';
import { content, DONE, GOOD, misbehavingServers, STREAM } from '../../support/misbehaving-server.js';
import { testClients, until } from '../../support/test-client.js';

describe('a request in flight at the end of a run', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('is censored in the middle of its stream: neither a success nor a failure', async () => {
    const server = await start(({ socket }) => socket.write(STREAM + content('Hello')));
    const controller = new AbortController();
    let abortedAt = 0;
    const exchange = await clientOf(server.url).ask({
      signal: controller.signal,
      onOutput() {
        setImmediate(() => {
          abortedAt = systemClock.now();
          controller.abort();
        });
      },
    });
    assert.deepEqual([exchange.censored, exchange.failure, exchange.text], [true, undefined, 'Hello']);
    assert.ok(exchange.endedAt! >= abortedAt && exchange.endedAt! - abortedAt < 100);
    await until(() => server.sockets[0]!.destroyed);
  });

  it('is censored where its own event raises the signal', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const controller = new AbortController();
    const { censored, failure, text } = await clientOf(server.url).ask({
      signal: controller.signal,
      onOutput: () => controller.abort(),
    });
    // The event in hand is taken in full, and none after it.
    assert.deepEqual([censored, failure, text], [true, undefined, 'Hello']);
  });

  it('is censored before any answer', async () => {
    const controller = new AbortController();
    const server = await start(() => controller.abort());
    const { censored, failure, status } = await clientOf(server.url).ask({ signal: controller.signal });
    assert.deepEqual([censored, failure, status], [true, undefined, undefined]);
    await until(() => server.sockets[0]!.destroyed);
  });

  it('is never sent where the run was over before', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(server.url);
    for (let i = 0; i < 2; i += 1) {
      const { censored, failure, endedAt, bytesSent } = await client.ask({ signal: AbortSignal.abort() });
      assert.deepEqual([censored, failure, bytesSent], [true, undefined, 0]);
      assert.ok(endedAt !== undefined);
      await client.ask();
      assert.equal(server.calls.length, i + 1);
    }
  });

  it('closes a socket that is being opened', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(server.url);
    const controller = new AbortController();
    const pending = client.ask({ signal: controller.signal });
    controller.abort();
    assert.equal((await pending).censored, true);
    const { failure, connectedAt, sentAt } = await client.ask();
    assert.equal(failure, undefined);
    assert.ok(connectedAt! >= sentAt);
    assert.equal(server.calls.length, 1);
  });

  it('is a success where its answer was complete', async () => {
    const server = await start(({ socket }) => socket.write(STREAM + content('Hello') + DONE));
    const controller = new AbortController();
    const { censored, failure } = await clientOf(server.url).ask({
      signal: controller.signal,
      onOutput: () => setImmediate(() => controller.abort()),
    });
    assert.deepEqual([censored, failure], [false, undefined]);
  });

  it('is an empty answer where that was complete without a token', async () => {
    const server = await start(({ socket }) => socket.write(STREAM + DONE));
    const controller = new AbortController();
    const protocol: typeof chatProtocol = {
      ...chatProtocol,
      decode(event, at, exchange) {
        chatProtocol.decode(event, at, exchange);
        controller.abort();
      },
    };
    const { censored, failure } = await clientOf(server.url).ask({ signal: controller.signal, protocol });
    assert.deepEqual([censored, failure?.kind], [false, 'empty']);
  });

  it('does not affect the next request', async () => {
    const server = await start(({ socket, connection }) => {
      socket.write(connection === 0 ? STREAM + content('Hello') : GOOD);
    });
    const client = clientOf(server.url);
    const controller = new AbortController();
    await client.ask({ signal: controller.signal, onOutput: () => controller.abort() });
    for (let i = 0; i < 2; i += 1) {
      const { censored, failure, text, reconnected } = await client.ask();
      assert.deepEqual([censored, failure, text, reconnected], [false, undefined, 'Hello you', false]);
    }
    assert.equal(server.sockets.length, 2);
  });
});

describe('the signal of a run', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('is listened to only while requests are in flight, by many without a warning', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const server = await start(({ socket, connection }) => (connection === 7 ? socket.destroy() : socket.write(GOOD)));
    const client = clientOf(server.url);
    const { signal } = new AbortController();
    const asked = Array.from({ length: 30 }, () => client.ask({ signal }));
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    const failed = (await Promise.all(asked)).filter(({ failure }) => failure);
    await systemClock.breathe();
    process.off('warning', onWarning);
    assert.equal(failed.length, 1);
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    assert.deepEqual(warnings, []);
  });
});
