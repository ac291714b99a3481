import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { content, finish, GOOD, misbehavingServers, STREAM } from '../../support/misbehaving-server.js';
import { testClients, until } from '../../support/test-client.js';

describe('a request that the script cancels', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('is cancelled by its signal in the middle of its stream, at the server too', async () => {
    const controller = new AbortController();
    const server = await start(({ socket }) => socket.write(STREAM + content('Hello')));
    const exchange = await clientOf(server.url).ask({
      cancel: controller.signal,
      onOutput: () => setImmediate(() => controller.abort(new Error('seen enough'))),
    });
    assert.deepEqual(exchange.failure, {
      kind: 'cancelled',
      message: "the script's signal aborted: seen enough",
      status: 200,
    });
    assert.deepEqual([exchange.text, exchange.censored], ['Hello', false]);
    await until(() => server.sockets[0]!.destroyed);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  });

  it('is never sent where its signal had aborted before', async () => {
    const server = await start(({ socket }) => socket.write(GOOD));
    const { failure, bytesSent } = await clientOf(server.url).ask({ cancel: AbortSignal.abort() });
    assert.deepEqual([failure?.kind, bytesSent, server.calls.length], ['cancelled', 0, 0]);
  });

  it('is a success where its answer was complete', async () => {
    const controller = new AbortController();
    const server = await start(({ socket }) => socket.write(GOOD));
    const { failure } = await clientOf(server.url).ask({ cancel: controller.signal });
    controller.abort();
    assert.equal(failure, undefined);
  });

  it('is an aborted success where the script stops it', async () => {
    const events = STREAM + ['a', 'b', 'c', 'd'].map(content).join('');
    const server = await start(({ socket, connection }) => socket.write(connection === 0 ? events : GOOD));
    const client = clientOf(server.url);
    const exchange = await client.ask({ onToken: (_, index) => (index === 1 ? 'enough' : undefined) });
    // Also what had come in the same read is not heard any more.
    assert.deepEqual([exchange.text, exchange.chunkTokens], ['ab', [1, 1]]);
    assert.deepEqual([exchange.failure, exchange.finishReason, exchange.done], [undefined, 'aborted', true]);
    await until(() => server.sockets[0]!.destroyed);
    assert.equal((await client.ask()).text, 'Hello you');
  });

  it('fails as the listener says, after the instants were taken', async () => {
    const server = await start(({ socket }) => socket.write(STREAM + content('Hello') + finish()));
    const heard: unknown[] = [];
    const { failure, chunkAt } = await clientOf(server.url).ask({
      onOutput: () => heard.push('recorder'),
      onToken({ latest, latestKind, chunkAt }, index) {
        heard.push([latest, latestKind, chunkAt.length, index]);
        return { kind: 'cancelled', message: 'onToken threw: no' };
      },
    });
    assert.deepEqual(failure, { kind: 'cancelled', message: 'onToken threw: no', status: 200 });
    assert.deepEqual(heard, ['recorder', ['Hello', 'text', 1, 0]]);
    assert.equal(chunkAt.length, 1);
  });
});
