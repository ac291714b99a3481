import assert from 'node:assert/strict';
import { isSilent } from '../../../engine/client/exchange.js';
import { figuresOf } from '../../../engine/client/request-figures.js';
import { sleep, systemClock } from '../../../engine/clock.js';
import {
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
} from './misbehaving-server.js';
import { testClients } from './test-client.js';

const HELLO = content('Hello');
const CLOSING = STREAM.replace('\r\n', '\r\nconnection: close\r\n');
const HELLO_YOU = HELLO + content(' you');

describe('how a stream ends', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  /** Exchange with a server that sends these bytes, then closes or resets. Without `then` it keeps the socket open. */
  async function answered(bytes: string | Buffer, then?: 'end' | 'reset') {
    const server = await start(({ socket }) => {
      socket.write(bytes, () => {
        if (then === 'end') socket.end();
        // The bytes are on their way; a reset may overtake them, so it waits until they can have been read.
        if (then === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
      });
    });
    return clientOf(server.url).ask();
  }

  const successes: readonly [string, string, ('end' | 'reset')?][] = [
    ['with a reason, [DONE] and its end', GOOD],
    ['with [DONE] but no reason', STREAM + HELLO_YOU + DONE + END],
    ['with a reason but no [DONE]', STREAM + HELLO_YOU + finish() + END],
    ['with a last event that lacks its empty line', STREAM + HELLO_YOU + chunk('data: [DONE]') + END],
    ['with such an event and a socket that breaks', STREAM + HELLO_YOU + chunk('data: [DONE]\n'), 'reset'],
    ['with line breaks of one character', STREAM + (HELLO_YOU + DONE).replaceAll('\n\n', '\r\r') + END],
    ['with tokens after its end, which are none of it', STREAM + HELLO_YOU + DONE + content(' there') + END],
    ['with a reason and a socket that breaks', STREAM + HELLO_YOU + finish(), 'reset'],
    [
      'with its reason in the last piece',
      STREAM + HELLO + event({ choices: [{ delta: { content: ' you' }, finish_reason: 'stop' }] }) + END,
    ],
    ['with [DONE] and a socket that is closed', STREAM + HELLO_YOU + finish() + DONE, 'end'],
    ['with [DONE] and a socket that breaks', STREAM + HELLO_YOU + DONE, 'reset'],
    [
      'with the socket, as in HTTP/1.0',
      `HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {"choices":[{"delta":{"content":"Hello you"}}]}\n\ndata: [DONE]\n\n`,
      'end',
    ],
  ];
  for (const [what, bytes, then] of successes) {
    it(`well: ${what}`, async () => {
      const exchange = await answered(bytes, then);
      assert.equal(exchange.failure, undefined);
      assert.equal(exchange.text, 'Hello you');
      assert.equal(exchange.status, 200);
      assert.ok(exchange.lastTokenAt! <= exchange.endedAt!);
    });
  }

  const failures: readonly [string, string | Buffer, 'end' | 'reset' | undefined, string, RegExp][] = [
    ['no reason and no [DONE]', STREAM + HELLO + END, undefined, 'stream_cut', /without a finish reason or \[DONE\]/],
    ['no event at all', STREAM + END, undefined, 'stream_cut', /without a finish reason or \[DONE\]/],
    ['an event that is cut', STREAM + HELLO + chunk('data: [DON') + END, undefined, 'stream_cut', /without/],
    ['a cut event, and a broken socket', STREAM + HELLO + chunk('data: {"choices":[{'), 'reset', 'stream_cut', /broke/],
    ['a socket closed in the middle', STREAM + HELLO, 'end', 'stream_cut', /the connection broke: /],
    ['a socket closed in the middle, as was announced', CLOSING + HELLO, 'end', 'stream_cut', /the connection broke: /],
    ['a socket reset in the middle', STREAM + HELLO, 'reset', 'stream_cut', /the connection broke: /],
    ['a socket closed before the first event', STREAM, 'end', 'stream_cut', /the connection broke: /],
    [
      'an error event',
      STREAM + HELLO + event({ error: { message: 'out of memory' } }) + DONE + END,
      undefined,
      'stream_error',
      /^out of memory$/,
    ],
    [
      'an event called an error',
      STREAM + chunk('event: error\ndata: {"message":"overloaded"}\n\n') + END,
      undefined,
      'stream_error',
      /^overloaded$/,
    ],
    [
      'an event that is not JSON',
      STREAM + HELLO + event('{"choices') + DONE + END,
      undefined,
      'malformed',
      /^an event is not JSON: \{"choices$/,
    ],
    ['a reason but no token', STREAM + finish('length') + DONE + END, undefined, 'empty', /no token/],
    ['[DONE] but no token', STREAM + DONE + END, undefined, 'empty', /no token/],
    ['[DONE], no token and a broken socket', STREAM + DONE, 'reset', 'empty', /no token/],
    [
      'HTML',
      plain(200, 'Text/HTML; charset=utf-8', '<p>Log in</p>'),
      undefined,
      'malformed',
      /expected an event stream, got text\/html.*<p>Log in<\/p>/,
    ],
    [
      'JSON',
      plain(200, 'application/json', '{"error":{"message":"no streams"}}'),
      undefined,
      'malformed',
      /got application\/json: no streams/,
    ],
    [
      'a stream that is not compressed as it says',
      plain(200, 'text/event-stream', 'hello', 'content-encoding: gzip\r\n'),
      undefined,
      'malformed',
      /cannot be decompressed/,
    ],
  ];
  for (const [what, bytes, then, kind, message] of failures) {
    it(`${kind}: ${what}`, async () => {
      const { failure } = await answered(bytes, then);
      assert.equal(failure?.kind, kind);
      assert.match(failure.message, message);
      assert.equal(failure.status, 200);
    });
  }

  it('malformed: an event that never ends', async () => {
    const server = await start(({ socket }) => {
      socket.write(STREAM);
      socket.write(chunk(`data: ${'x'.repeat(9 * 1024 * 1024)}`));
    });
    const { failure } = await clientOf(server.url).ask();
    assert.deepEqual(failure, { kind: 'malformed', message: 'an event is longer than 8 MiB', status: 200 });
  });

  for (const status of [204, 205]) {
    it(`http_status: ${status}, which has no body`, async () => {
      const { failure } = await answered(`HTTP/1.1 ${status} Nothing\r\n\r\n`);
      assert.deepEqual(failure, { kind: 'http_status', message: `HTTP ${status}, which has no body`, status });
    });
  }

  const silent: readonly [string, string, number, number][] = [
    ['whose end token came first', 'stop', 1, 1],
    ['that has no token at all', 'stop', 0, 0],
    ['whose tokens are all hidden', 'length', 64, 64],
  ];
  for (const [what, reason, told, expected] of silent) {
    it(`well: an answer ${what}`, async () => {
      const usage = event({ choices: [], usage: { prompt_tokens: 4, completion_tokens: told } });
      const exchange = await answered(STREAM + finish(reason) + usage + DONE + END);
      assert.equal(exchange.failure, undefined);
      assert.equal(figuresOf(exchange).outputTokens, expected);
      assert.ok(isSilent(exchange));
    });
  }

  for (const [what, bytes, status] of [
    ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', undefined],
    ['chunks that are none', `${STREAM}data: {}\n\n`, 200],
  ] as const) {
    it(`malformed: ${what}`, async () => {
      const { failure } = await answered(bytes);
      assert.equal(failure?.kind, 'malformed');
      assert.match(failure.message, /^not HTTP: /);
      assert.equal(failure.status, status);
    });
  }

  it('stream_cut: a body longer than was announced, which does not reach into the next answer', async () => {
    const body = 'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n';
    const head = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n`;
    const server = await start(({ socket, connection }) => {
      socket.write(connection === 0 ? `${head}${body}data: [DONE]\n\n` : GOOD);
    });
    const client = clientOf(server.url);
    assert.equal((await client.ask()).failure?.kind, 'stream_cut');
    const { failure, text } = await client.ask();
    assert.deepEqual([failure, text], [undefined, 'Hello you']);
  });

  it('keeps what a failed answer had already brought', async () => {
    const { text, chunkAt, firstTokenAt, lastTokenAt, failure } = await answered(STREAM + HELLO_YOU, 'end');
    assert.equal(failure?.kind, 'stream_cut');
    assert.equal(text, 'Hello you');
    assert.equal(chunkAt.length, 2);
    assert.deepEqual([firstTokenAt, lastTokenAt], [chunkAt[0], chunkAt[1]]);
  });

  it('hears nothing after an error, and throws its socket away', async () => {
    const events = [{ error: 'x' }, { choices: [{ delta: { content: 'Hello' } }] }];
    const bytes =
      STREAM + chunk(events.map((data) => `data: ${JSON.stringify(data)}\n\n`).join('')) + HELLO + DONE + END;
    const server = await start(({ socket, connection }) => socket.write(connection === 0 ? bytes : GOOD));
    const client = clientOf(server.url);
    const { text, chunkAt } = await client.ask();
    assert.deepEqual([text, chunkAt], ['', []]);
    assert.equal((await client.ask()).failure, undefined);
    assert.equal(server.sockets.length, 2);
  });

  it("counts the server's tokens and takes the end of sequence off, which came when nothing else did", async () => {
    const usage = event({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 5 } });
    const parts = [STREAM + HELLO, content(' you'), finish() + usage + DONE + END];
    const server = await start(async ({ socket }) => {
      for (const part of parts) {
        socket.write(part);
        await systemClock.breathe();
        await sleep(systemClock, 20);
      }
    });
    const { usage: told, chunkTokens } = await clientOf(server.url).ask();
    assert.deepEqual(told, { inputTokens: 4, outputTokens: 5 });
    assert.equal(
      chunkTokens.reduce((sum, tokens) => sum + tokens),
      4,
    );
  });
});
