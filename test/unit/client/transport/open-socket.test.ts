import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { explainNoConnection } from '../../../../engine/client/transport/connect-error.js';
import { openSocket } from '../../../../engine/client/transport/open-socket.js';
import { readProxies } from '../../../../engine/client/transport/proxy.js';
import { PLAIN, Transport } from '../../../../engine/client/transport/transport.js';
import { systemClock } from '../../../../engine/clock.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { GOOD, misbehavingServers } from '../../../support/misbehaving-server.js';
import { testClients, until } from '../../../support/test-client.js';

const HEAD_END = 'chunked\r\n';
/** The good answer with a further header. */
const withHeader = (header: string) => GOOD.replace(HEAD_END, `${HEAD_END}${header}\r\n`);

describe('opening a socket', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('reaches IPv6 addresses', async function () {
    const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
    if (!hasIpv6) this.skip();
    const server = await start(({ socket }) => socket.write(GOOD), { host: '::1' });
    const { failure } = await clientOf(`http://[::1]:${server.port}`).ask();
    assert.equal(failure, undefined);
    assert.match(server.calls[0]!.head, new RegExp(`host: \\[::1\\]:${server.port}\r`));
  });

  it('gives the reason for each address', async () => {
    const server = await start(() => undefined, { host: '127.0.0.1' });
    await server.close();
    const { failure } = await clientOf(`http://localhost:${server.port}`).ask();
    assert.equal(failure?.kind, 'connect');
    assert.match(failure.message, new RegExp(`connect ECONNREFUSED 127.0.0.1:${server.port}`));
    const both = new AggregateError([
      new Error('connect ECONNREFUSED ::1:1'),
      new Error('connect ECONNREFUSED 1.2.3.4:1'),
    ]);
    assert.equal(explainNoConnection(both).why, 'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 1.2.3.4:1');
  });

  it('names an unknown host', async () => {
    const { failure } = await clientOf('http://no-such-host.invalid').ask();
    assert.equal(failure?.kind, 'connect');
    assert.match(failure.message, /no-such-host\.invalid/);
  });

  it('ends after ten seconds, wherever it hangs', async () => {
    // It takes the connection, but neither opens a tunnel nor agrees on TLS.
    const silent = await start(() => undefined);
    const ways: readonly [string, typeof PLAIN][] = [
      [`https://127.0.0.1:${silent.port}`, PLAIN],
      ['https://host', { ...PLAIN, proxies: readProxies({ ALL_PROXY: `http://127.0.0.1:${silent.port}` }) }],
    ];
    for (const [origin, settings] of ways) {
      const clock = new FakeClock();
      const before = silent.sockets.length;
      const outcomes: unknown[] = [];
      openSocket(new Transport(settings).routeTo(origin), clock, (error, socket) =>
        outcomes.push(error?.message, socket),
      );
      await until(() => silent.sockets.length > before);
      await clock.advance(9_999);
      assert.deepEqual(outcomes, []);
      await clock.advance(1);
      assert.match(String(outcomes[0]), /no connection within 10 s$/);
      assert.equal(outcomes[1], null);
      await until(() => silent.sockets.at(-1)!.destroyed);
      assert.equal(clock.pending, 0);
    }
  });

  it('can be cancelled at any time', async () => {
    const silent = await start(() => undefined);
    const clock = new FakeClock();
    const attempt = openSocket(new Transport().routeTo(`https://127.0.0.1:${silent.port}`), clock, () =>
      assert.fail('nobody is told'),
    );
    await until(() => silent.sockets.length === 1);
    attempt.cancel();
    assert.equal(clock.pending, 0);
    await until(() => silent.sockets[0]!.destroyed);
  });
});

describe('keeping a socket', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('is not done where the server announces its close', async () => {
    const server = await start(({ socket }) => socket.write(withHeader('connection: close')));
    const client = clientOf(server.url);
    for (let i = 0; i < 3; i += 1) {
      const { failure, reconnected, connectedAt } = await client.ask();
      assert.deepEqual([failure, reconnected], [undefined, false]);
      assert.ok(connectedAt !== undefined, 'a socket was opened');
    }
    assert.equal(server.sockets.length, 3);
    await until(() => server.sockets.every(({ destroyed }) => destroyed));
  });

  it("lasts a little less than the server's keep-alive", async () => {
    const server = await start(({ socket }) => socket.write(withHeader('keep-alive: timeout=3')));
    const client = clientOf(server.url);
    await client.ask();
    assert.equal((await client.ask()).connectedAt, undefined);
    const idleAt = systemClock.now();
    await until(() => server.sockets[0]!.destroyed);
    const kept = systemClock.now() - idleAt;
    assert.ok(kept > 200 && kept < 10_000, `${kept} ms`);
    const { failure, reconnected } = await client.ask();
    assert.deepEqual([failure, reconnected], [undefined, false]);
    assert.equal(server.sockets.length, 2);
  });
});
