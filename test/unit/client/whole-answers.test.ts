import assert from 'node:assert/strict';
import { chatProtocol } from '../../../engine/client/protocols/chat.js';
import { ollamaProtocol } from '../../../engine/client/protocols/ollama.js';
import { figuresOf } from '../../../engine/client/request-figures.js';
import { systemClock } from '../../../engine/clock.js';
import { chunk, END, misbehavingServers, plain, STREAM } from '../../support/misbehaving-server.js';
import { testClients } from '../../support/test-client.js';

const ANSWER = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello you' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 4, completion_tokens: 3 },
};
const json = (body: unknown, status = 200) => plain(status, 'application/json', JSON.stringify(body));

describe('an answer in one piece', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('is asked for as such, and has an end-to-end time but no time of a token', async () => {
    let writtenAt = 0;
    const bytes = json(ANSWER);
    const server = await start(({ socket }) => {
      socket.write(bytes.subarray(0, -9));
      systemClock.after(30, () => {
        writtenAt = systemClock.now();
        socket.write(bytes.subarray(-9));
      });
    });
    const exchange = await clientOf(server.url).ask({ stream: false });
    assert.equal(exchange.failure, undefined);
    assert.equal(exchange.text, 'Hello you');
    assert.equal((JSON.parse(server.calls[0]!.body) as { stream: boolean }).stream, false);
    assert.match(server.calls[0]!.head, /\r\naccept: application\/json\r\n/);
    const { ttft, ttftChunk, tpot, e2e, e2eScheduled, outputTokens, inputTokens } = figuresOf(exchange);
    assert.deepEqual([ttft, ttftChunk, tpot, outputTokens, inputTokens], [undefined, undefined, undefined, 3, 4]);
    assert.equal(e2e, exchange.endedAt! - exchange.sentAt);
    assert.equal(e2eScheduled, exchange.endedAt! - exchange.scheduledAt);
    assert.ok(exchange.endedAt! >= writtenAt && exchange.headersAt! < writtenAt);
  });

  it('ends at its last read, not after parsing', async () => {
    const text = 'x'.repeat(20_000_000);
    const server = await start(({ socket }) => socket.write(json({ choices: [{ message: { content: text } }] })));
    let understoodAt = 0;
    const exchange = await clientOf(server.url).ask({
      stream: false,
      protocol: {
        ...chatProtocol,
        decode(event, at, exchange) {
          chatProtocol.decode(event, at, exchange);
          const until = systemClock.now() + 30;
          while (systemClock.now() < until);
          understoodAt = systemClock.now();
        },
      },
    });
    assert.equal(exchange.text.length, text.length);
    assert.ok(understoodAt - exchange.endedAt! >= 30);
  });

  it('leaves its socket to the next request', async () => {
    const server = await start(({ socket }) => socket.write(json(ANSWER)));
    const client = clientOf(server.url);
    for (let i = 0; i < 3; i += 1) assert.equal((await client.ask({ stream: false })).failure, undefined);
    assert.equal(server.sockets.length, 1);
  });

  const failures: readonly [string, string | Buffer, string, RegExp][] = [
    [
      'a stream',
      STREAM + chunk('data: {}\n\n') + END,
      'malformed',
      /^expected JSON in one piece, got text\/event-stream/,
    ],
    [
      'HTML',
      plain(200, 'text/html', '<p>Log in</p>'),
      'malformed',
      /^expected JSON in one piece, got text\/html.*Log in/,
    ],
    ['no JSON', plain(200, 'text/plain', 'busy'), 'malformed', /^the answer is not JSON: busy$/],
    ['an error', json({ error: { message: 'out of memory' } }), 'stream_error', /^out of memory$/],
    ['an error by its status', json({ error: { message: 'too long' } }, 400), 'http_status', /^HTTP 400: too long$/],
    ['empty', json({ choices: [{ message: { content: '' }, finish_reason: 'stop' }] }), 'empty', /no token/],
  ];
  for (const [what, bytes, kind, message] of failures) {
    it(`fails where it is ${what}`, async () => {
      const server = await start(({ socket }) => socket.write(bytes));
      const exchange = await clientOf(server.url).ask({ stream: false });
      assert.equal(exchange.failure?.kind, kind);
      assert.match(exchange.failure.message, message);
    });
  }

  it('fails where it is cut', async () => {
    const server = await start(({ socket }) => socket.end(json(ANSWER).subarray(0, -9)));
    const exchange = await clientOf(server.url).ask({ stream: false });
    assert.equal(exchange.failure?.kind, 'stream_cut');
    assert.equal(figuresOf(exchange).e2e, undefined);
  });
});

describe('an answer in lines', () => {
  const start = misbehavingServers();
  const clientOf = testClients();
  const LINES = STREAM.replace('text/event-stream', 'application/x-ndjson');
  const line = (content: string, more: object = {}) =>
    chunk(`${JSON.stringify({ message: { role: 'assistant', content }, done: false, ...more })}\n`);
  const NOTHING = line('', { done: true, done_reason: 'length', eval_count: 0 });
  const DONE = line('', { done: true, done_reason: 'stop', prompt_eval_count: 4, eval_count: 3 });

  async function answered(bytes: string | Buffer, then?: 'end') {
    const server = await start(({ socket }) => (then === 'end' ? socket.end(bytes) : socket.write(bytes)));
    const exchange = await clientOf(`${server.url}/v1`).ask({ protocol: ollamaProtocol });
    return { exchange, head: server.calls[0]!.head };
  }

  it('comes from below the root of the server', async () => {
    const { exchange, head } = await answered(LINES + line('Hello') + line(' you') + DONE + END);
    assert.match(head, /^POST \/api\/chat HTTP/);
    assert.match(head, /\r\naccept: application\/x-ndjson\r\n/);
    assert.equal(exchange.failure, undefined);
    assert.deepEqual([exchange.text, exchange.usage?.outputTokens], ['Hello you', 3]);
    assert.deepEqual(exchange.usage, { inputTokens: 4, outputTokens: 3 });
  });

  it('is good without output where its tokens are counted', async () => {
    const { failure, usage } = (await answered(LINES + DONE + END)).exchange;
    assert.deepEqual([failure, usage?.outputTokens], [undefined, 3]);
  });

  it('is complete with its last line, however its socket ends', async () => {
    assert.equal((await answered(LINES + line('Hello') + DONE, 'end')).exchange.failure, undefined);
  });

  for (const [what, bytes, then, kind] of [
    ['has no last line', LINES + line('Hello') + END, undefined, 'stream_cut'],
    ['ends in the middle of a line', LINES + line('Hello') + chunk('{"message":') + END, undefined, 'stream_cut'],
    ['breaks off', LINES + line('Hello'), 'end', 'stream_cut'],
    ['is an event stream', STREAM + chunk('data: {}\n\n') + END, undefined, 'malformed'],
    ['has a line that is no JSON', LINES + chunk('oops\n') + END, undefined, 'malformed'],
    [
      'has a line that is an error',
      LINES + line('Hello') + chunk('{"error":"oops"}\n') + END,
      undefined,
      'stream_error',
    ],
    ['has no token, by its own count', LINES + NOTHING + END, undefined, 'empty'],
    ['has a line without end', LINES + chunk('x'.repeat(9 * 1024 * 1024)), undefined, 'malformed'],
  ] as const) {
    it(`fails as ${kind} where it ${what}`, async () => {
      assert.equal((await answered(bytes, then)).exchange.failure?.kind, kind);
    });
  }
});
