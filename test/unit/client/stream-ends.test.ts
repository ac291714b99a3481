import assert from 'node:assert/strict';
import { isSilent } from '../../../engine/client/judge-answer.js';
import { responsesProtocol } from '../../../engine/client/protocols/responses.js';
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
  STREAM,
} from '../../support/misbehaving-server.js';
import { testClients } from '../../support/test-client.js';

const HELLO = content('Hello');
const HELLO_YOU = HELLO + content(' you');

describe('how a stream ends', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  /** Exchange with a server that sends these bytes, then may close. */
  async function answered(bytes: string, then?: 'end') {
    const server = await start(({ socket }) => (then === 'end' ? socket.end(bytes) : socket.write(bytes)));
    return clientOf(server.url).ask();
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

  it('keeps the output of a failed answer', async () => {
    const { text, chunkAt, firstTokenAt, lastTokenAt, failure } = await answered(STREAM + HELLO_YOU, 'end');
    assert.equal(failure?.kind, 'stream_cut');
    assert.equal(text, 'Hello you');
    assert.equal(chunkAt.length, 2);
    assert.deepEqual([firstTokenAt, lastTokenAt], [chunkAt[0], chunkAt[1]]);
  });

  it('ignores data after an error and closes the socket', async () => {
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

  it("counts the server's tokens, less an end of sequence that was an event of its own", async () => {
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

  for (const [maxTokens, finishReason] of [
    [2, 'length'],
    [3, 'stop'],
    [undefined, 'stop'],
  ] as const) {
    it(`is ${finishReason} for a completed response of 2 tokens with a limit of ${maxTokens}`, async () => {
      const response = { status: 'completed', usage: { input_tokens: 9, output_tokens: 2 } };
      const ended = event({ type: 'response.completed', response });
      const said = event({ type: 'response.output_text.delta', delta: 'Hello you' });
      const server = await start(({ socket }) => socket.end(STREAM + said + ended + END));
      const exchange = await clientOf(server.url).ask({ protocol: responsesProtocol, maxTokens });
      assert.deepEqual([exchange.failure, exchange.finishReason], [undefined, finishReason]);
    });
  }
});
