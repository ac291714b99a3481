import assert from 'node:assert/strict';
import { MOMENT, SocketHabits } from '../../../../engine/client/transport/socket-habits.js';
import { sleep, systemClock } from '../../../../engine/clock.js';
import { content, DONE, END, finish, GOOD, misbehavingServers, STREAM } from '../../../support/misbehaving-server.js';
import { testClients } from '../../../support/test-client.js';

describe('socket habits', () => {
  it('are closes after each answer, until a socket is reused', () => {
    const habits = new SocketHabits();
    assert.ok(habits.keepsSockets);
    for (const _ of [1, 2]) habits.recordClosed(10);
    assert.ok(!habits.keepsSockets);
    habits.recordReuse();
    assert.ok(habits.keepsSockets);
  });

  it('ignore sockets that were idle for long', () => {
    const habits = new SocketHabits();
    for (const _ of [1, 2, 3]) habits.recordClosed(5000);
    assert.ok(habits.keepsSockets);
  });

  it('include whether bodies stay open', () => {
    const habits = new SocketHabits();
    for (const _ of [1, 2, 3]) habits.recordEnd(false);
    assert.equal(habits.patience, 0);
    for (const _ of [1, 2, 3]) habits.recordEnd(true);
    assert.equal(habits.patience, MOMENT);
  });
});

describe('a server with socket habits of its own', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('gets no request twice once it has closed two kept sockets', async () => {
    // It closes when the next request is on its way.
    const server = await start(({ socket, turn }) => (turn === 0 ? socket.write(GOOD) : socket.resetAndDestroy()));
    const { ask } = clientOf(server.url);
    const again: boolean[] = [];
    for (let request = 0; request < 6; request += 1) again.push((await ask()).reconnected);
    assert.deepEqual(again.slice(3), [false, false, false]);
    assert.ok(again.filter(Boolean).length <= 2, String(again));
  });

  it('frees the user at [DONE], though its body stays open', async () => {
    const server = await start(({ socket }) => {
      socket.write(STREAM + content('Hello') + finish() + DONE);
    });
    const client = clientOf(server.url);
    const startedAt = systemClock.now();
    for (let request = 0; request < 5; request += 1) {
      const { failure, text, endedAt = 0, lastTokenAt = 0 } = await client.ask();
      assert.deepEqual([failure, text], [undefined, 'Hello']);
      assert.ok(endedAt - lastTokenAt < 500);
    }
    assert.ok(systemClock.now() - startedAt < 3000);
  });

  it('has its socket used again where the body ends a little after [DONE]', async () => {
    const server = await start(async ({ socket }) => {
      socket.write(STREAM + content('Hello') + finish() + DONE);
      await sleep(systemClock, 2);
      socket.write(END);
    });
    const client = clientOf(server.url);
    for (let request = 0; request < 3; request += 1) {
      assert.equal((await client.ask()).failure, undefined);
      await sleep(systemClock, 60);
    }
    assert.equal(server.sockets.length, 1);
  });
});
