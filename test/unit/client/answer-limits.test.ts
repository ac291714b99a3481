import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { type Clock, every, systemClock } from '../../../engine/clock.js';
import { FakeClock } from '../../support/fake-clock.js';
import { socketPath } from '../../support/folder.js';
import {
  type Call,
  chunk,
  content,
  DONE,
  END,
  event,
  finish,
  GOOD,
  misbehavingServers,
  plain,
  STREAM,
} from '../../support/misbehaving-server.js';
import { testClients, until } from '../../support/test-client.js';

const PATIENT = 10_000;

describe('the time that a request may take', () => {
  const clock = new FakeClock(1000);
  const listen = misbehavingServers();
  const start = (behave: (call: Call) => void) => listen(behave, { path: socketPath() });
  const clients = testClients();
  const clientOf = (url: string) => {
    const client = clients(url, undefined, undefined, clock);
    const ask: typeof client.ask = (options) => clock.until(client.ask(options));
    return { ...client, ask };
  };

  for (const [what, bytes, status] of [
    ['that never answers', '', undefined],
    ['that goes silent after its headers', STREAM, 200],
    ['that goes silent after a token', STREAM + content('Hello'), 200],
  ] as const) {
    it(`is limited in total for a server ${what}`, async () => {
      const server = await start(({ socket }) => socket.write(bytes));
      const { failure, sentAt, endedAt } = await clientOf(server.url).ask({ timeouts: { total: 100, idle: PATIENT } });
      assert.deepEqual(failure, {
        kind: 'timeout',
        message: 'no end after 0.1 s',
        ...(status !== undefined && { status }),
      });
      assert.equal(endedAt! - sentAt, 100);
      await until(() => server.sockets[0]!.destroyed);
    });
  }

  it('ends with the finish reason for a server that gives no end, after a wait for it', async () => {
    const server = await start(({ socket }) => socket.write(STREAM + content('Hello') + finish()));
    const { ask } = clientOf(server.url);
    const took: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const { failure, sentAt, endedAt } = await ask();
      assert.equal(failure, undefined);
      took.push(endedAt! - sentAt);
    }
    assert.deepEqual(took, [2000, 2000, 20, 20, 20]);
  });

  it('ends with the finish reason where the total limit is over', async () => {
    const server = await start(({ socket }) => socket.write(STREAM + content('Hello') + finish()));
    const { failure, sentAt, endedAt } = await clientOf(server.url).ask({ timeouts: { total: 100, idle: PATIENT } });
    assert.deepEqual([failure, endedAt! - sentAt], [undefined, 100]);
  });

  it('includes what follows the finish reason a second later', async () => {
    const usage = event({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 2 } });
    const server = await start(({ socket }) => {
      socket.write(STREAM + content('Hello') + content(' you') + finish());
      clock.after(1000, () => socket.write(usage + DONE + END));
    });
    const { usage: told, sentAt, endedAt } = await clientOf(server.url).ask();
    assert.deepEqual([told?.outputTokens, endedAt! - sentAt], [2, 1000]);
  });

  it('is limited in total even for a server that keeps sending', async () => {
    const server = await start(({ socket }) => {
      socket.write(STREAM);
      const stop = every(clock, 5, () => socket.write(content('x')));
      socket.once('close', stop);
    });
    const { failure, chunkAt, sentAt } = await clientOf(server.url).ask({ timeouts: { total: 152, idle: PATIENT } });
    assert.equal(failure?.kind, 'timeout');
    assert.deepEqual([chunkAt.length, chunkAt.at(-1)! - sentAt], [30, 150]);
  });

  it('is limited between two reads', async () => {
    const server = await start(({ socket }) => socket.write(STREAM + content('Hello')));
    const { failure, text, sentAt, endedAt } = await clientOf(server.url).ask({
      timeouts: { total: PATIENT, idle: 300 },
    });
    assert.deepEqual(failure, { kind: 'timeout', message: 'the stream stalled', status: 200 });
    assert.equal(text, 'Hello');
    assert.equal(endedAt! - sentAt, 300);
  });

  it('has no idle limit before the first token', async () => {
    const server = await start(({ socket }) => {
      socket.write(STREAM);
      clock.after(400, () => socket.write(content('Hello') + finish() + END));
    });
    const { failure, text } = await clientOf(server.url).ask({ timeouts: { total: PATIENT, idle: 100 } });
    assert.deepEqual([failure, text], [undefined, 'Hello']);
  });

  for (const [what, bytes] of [
    ['that never answers', ''],
    ['that sends comments alone', `${STREAM}a\r\n: waiting\n\r\n`],
  ] as const) {
    it(`ends without a token in time for a server ${what}`, async () => {
      const server = await start(({ socket }) => socket.write(bytes));
      const timeouts = { total: PATIENT, idle: 100, firstToken: 300 };
      const { failure, sentAt, endedAt } = await clientOf(server.url).ask({ timeouts });
      assert.deepEqual([failure?.kind, failure?.message], ['timeout', 'no token after 0.3 s']);
      assert.equal(endedAt! - sentAt, 300);
    });
  }

  it('does not fail a complete answer on an open connection', async () => {
    const server = await start(({ socket }) => socket.write(GOOD.slice(0, -END.length)));
    const { failure, text } = await clientOf(server.url).ask({ timeouts: { total: 100, idle: PATIENT } });
    assert.deepEqual([failure, text], [undefined, 'Hello you']);
  });

  it('keeps an error status whose body never ends', async () => {
    const cut = plain(500, 'text/plain', 'out of memory').subarray(0, -1);
    const server = await start(({ socket }) => socket.write(cut));
    const { failure } = await clientOf(server.url).ask({ timeouts: { total: 100, idle: PATIENT } });
    assert.deepEqual(failure, { kind: 'http_status', message: 'HTTP 500: out of memor', status: 500 });
  });

  it('covers both tries where a dead socket is replaced', async () => {
    const server = await start(({ socket, connection, turn }) => {
      if (turn === 1) clock.after(100, () => socket.destroy());
      else if (connection === 0) socket.write(GOOD);
    });
    const client = clientOf(server.url);
    await client.ask();
    const { failure, reconnected, sentAt, endedAt } = await client.ask({ timeouts: { total: 200, idle: PATIENT } });
    assert.deepEqual([failure?.kind, reconnected], ['timeout', true]);
    assert.equal(endedAt! - sentAt, 200);
  });

  it('leaves no timer once its connection is closed', async () => {
    const server = await start(({ socket, connection }) => (connection === 0 ? socket.write(GOOD) : socket.destroy()));
    const waiting = new Set<() => void>();
    let set = 0;
    const counting: Clock = {
      ...systemClock,
      after(ms, wake) {
        const cancel = systemClock.after(ms, () => {
          waiting.delete(cancel);
          wake();
        });
        waiting.add(cancel);
        set += 1;
        return () => {
          waiting.delete(cancel);
          cancel();
        };
      },
    };
    const client = clients(server.url, undefined, undefined, counting);
    const asked = [client.ask(), client.ask(), client.ask({ signal: AbortSignal.abort() })];
    const [good, bad, aborted] = await Promise.all(asked);
    assert.deepEqual([good?.failure, bad?.failure?.kind, aborted?.censored], [undefined, 'connect', true]);
    const before = set;
    assert.equal((await client.ask()).failure, undefined);
    assert.ok(set - before <= 1, 'a connection keeps its timer for the next request');
    client.connections.close();
    assert.equal(waiting.size, 0);
  });

  it('leaves the next request a fresh socket', async () => {
    const server = await start(({ socket, connection }) => connection > 0 && socket.write(GOOD));
    const client = clientOf(server.url);
    assert.equal((await client.ask({ timeouts: { total: 50, idle: PATIENT } })).failure?.kind, 'timeout');
    assert.equal((await client.ask()).failure, undefined);
    assert.deepEqual([server.sockets.length, server.calls.length], [2, 2]);
  });

  it('ends during a TLS handshake, and closes the socket', async () => {
    // A server that takes the connection but not the TLS handshake, of which it sees the first bytes only.
    const server = await listen(() => undefined);
    const client = clients(server.url.replace('http:', 'https:'));
    const { failure, connectedAt, bytesSent } = await client.ask({ timeouts: { total: 100, idle: PATIENT } });
    assert.deepEqual(failure, { kind: 'timeout', message: 'no end after 0.1 s' });
    assert.deepEqual([connectedAt, bytesSent], [undefined, 0]);
    await until(() => server.sockets.length === 1 && server.sockets[0]!.destroyed, 1000);
  });
});

describe('the length of an answer', () => {
  const start = misbehavingServers();
  const clientOf = testClients();
  const MIB = 2 ** 20;
  const JSON_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n';
  const GZIP_HEAD = `${STREAM.slice(0, -2)}content-encoding: gzip\r\n\r\n`;
  const packed = gzipSync(`data: ${JSON.stringify({ choices: [{ delta: { content: 'x' } }] })}\n\n`.repeat(20_000));
  const PACKED = Buffer.concat([Buffer.from(`${packed.length.toString(16)}\r\n`), packed, Buffer.from('\r\n')]);

  for (const [what, begin, piece, stream] of [
    ['events', STREAM, content('x').repeat(500), true],
    ['long events', STREAM, content('x'.repeat(65_536)), true],
    ['events without output', STREAM, event({ choices: [] }).repeat(500), true],
    ['comments', STREAM, chunk(': waiting\n\n').repeat(500), true],
    ['packed events', GZIP_HEAD, PACKED, true],
    ['JSON', JSON_HEAD, 'x'.repeat(65_536), false],
  ] as const) {
    it(`is limited: ${what} without end`, async () => {
      const server = await start(({ socket }) => {
        const go = () => socket.destroyed || (socket.write(piece) ? setImmediate(go) : socket.once('drain', go));
        socket.write(begin);
        go();
      });
      const { failure, text } = await clientOf(server.url).ask({ stream, longest: 2 * MIB });
      assert.deepEqual(failure, { kind: 'malformed', message: 'the answer is longer than 2 MiB', status: 200 });
      assert.ok(text.length <= 2 * MIB);
      await until(() => server.sockets[0]!.destroyed);
    });
  }
});
