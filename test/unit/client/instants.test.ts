import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type Exchange, recordOutput } from '../../../engine/client/exchange.js';
import { type ChatBody, chatProtocol } from '../../../engine/client/protocols/chat.js';
import type { Protocol } from '../../../engine/client/protocols/protocol.js';
import { systemClock } from '../../../engine/clock.js';
import {
  chunk,
  content,
  DONE,
  END,
  event,
  finish,
  misbehavingServers,
  STREAM,
} from '../../support/misbehaving-server.js';
import { testClients } from '../../support/test-client.js';

/** Milliseconds that the slow protocol takes for an event. */
const SLOWNESS = 30;

/** Takes every event for a token, and its time to read it. */
const slowProtocol: Protocol<ChatBody> = {
  ...chatProtocol,
  path: '/slow',
  encode: () => '{}',
  decode(event, at, exchange) {
    const until = systemClock.now() + SLOWNESS;
    while (systemClock.now() < until);
    if (event.data === '[DONE]') exchange.done = true;
    else recordOutput(exchange, at, 1, 'text');
  },
};

describe('the instants of an answer', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  it('are reported live, each output event once and in order', async () => {
    const texts = ['one', 'two', 'three'];
    const goOn: (() => void)[] = [];
    const server = await start(({ socket }) => {
      socket.write(STREAM + event({ choices: [{ delta: { role: 'assistant' } }] }) + content('zero'));
      // Each further token is sent only when the one before it has been told of.
      for (const text of texts) goOn.push(() => socket.write(content(text)));
      goOn.push(() => socket.write(finish() + DONE + END));
    });
    const told: [index: number, events: number, text: string][] = [];
    const exchange = await clientOf(server.url).ask({
      onToken({ chunkAt, latest }, index) {
        told.push([index, chunkAt.length, latest]);
        goOn[index]?.();
        return undefined;
      },
    });
    assert.deepEqual(told, [
      [0, 1, 'zero'],
      [1, 2, 'one'],
      [2, 3, 'two'],
      [3, 4, 'three'],
    ]);
    assert.equal(exchange.text, 'zeroonetwothree');
    assertInOrder(exchange);
  });

  it('are the same for events that come in one read, whose headers came with them', async () => {
    const events = content('a') + content('b') + content('c');
    const server = await start(({ socket }) => socket.write(STREAM + events + finish() + DONE + END));
    const exchange = await clientOf(server.url).ask();
    const { headersAt, chunkAt } = exchange;
    assert.deepEqual(chunkAt, [headersAt, headersAt, headersAt]);
    assertInOrder(exchange);
  });

  it('are those of the last read where an event comes in pieces', async () => {
    const whole = content('Hello');
    const writtenAt: number[] = [];
    const server = await start(async ({ socket }) => {
      for (const piece of [STREAM, whole.slice(0, 20), whole.slice(20, 40), whole.slice(40), finish() + END]) {
        await wait(20);
        writtenAt.push(systemClock.now());
        socket.write(piece);
      }
    });
    const { headersAt, firstTokenAt, endedAt } = await clientOf(server.url).ask();
    const [head = 0, , , last = 0, end = 0] = writtenAt;
    assert.ok(headersAt! >= head && headersAt! < last);
    assert.ok(firstTokenAt! >= last && firstTokenAt! < end);
    assert.ok(endedAt! >= end);
  });

  it('do not include the time to parse their own event', async () => {
    const writtenAt: number[] = [];
    const server = await start(async ({ socket }) => {
      socket.write(STREAM);
      for (let i = 0; i < 5; i += 1) {
        await wait(10);
        writtenAt.push(systemClock.now());
        socket.write(event(`${i}`));
        // Writing again only when the client is done: a busy client can see nothing come.
        await wait(SLOWNESS + 10);
      }
      socket.write(DONE + END);
    });
    const { chunkAt, failure } = await clientOf(server.url).ask({ protocol: slowProtocol });
    assert.equal(failure, undefined);
    assertSoonAfter(chunkAt, writtenAt);
  });

  it('do not depend on the size of their own event', async () => {
    const big = event({ choices: [{ delta: { content: 'x'.repeat(5_000_000) } }] });
    const [most, rest] = [big.slice(0, -10_000), big.slice(-10_000)];
    const writtenAt: number[] = [];
    const server = await start(async ({ socket }) => {
      socket.write(STREAM);
      for (let i = 0; i < 3; i += 1) {
        await written(socket, most);
        await wait(50);
        writtenAt.push(systemClock.now());
        socket.write(rest);
        await wait(50);
      }
      socket.write(finish() + chunk('data: [DONE]\n\n') + END);
    });
    const exchange = await clientOf(server.url).ask();
    assert.equal(exchange.text.length, 15_000_000);
    assertSoonAfter(exchange.chunkAt, writtenAt);
    assertInOrder(exchange);
  });
});

/** Resolves when the operating system has taken the text. */
function written(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => socket.write(text, () => resolve()));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}

/**
 * Asserts that each instant follows its event and precedes the next one. Most must be close to their event: now and
 * then the machine itself is late.
 */
function assertSoonAfter(instants: readonly number[], writtenAt: readonly number[]): void {
  assert.equal(instants.length, writtenAt.length);
  const late = instants.map((at, i) => at - writtenAt[i]!);
  assert.ok(
    instants.every((at, i) => at >= writtenAt[i]! && at < (writtenAt[i + 1] ?? Number.POSITIVE_INFINITY)),
    `late by ${late} ms`,
  );
  const median = late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)]!;
  assert.ok(median < 8, `late by ${late} ms`);
}

function assertInOrder({ sentAt, connectedAt, headersAt, chunkAt, lastTokenAt, endedAt }: Exchange): void {
  const instants = [sentAt, connectedAt!, headersAt!, ...chunkAt, lastTokenAt!, endedAt!];
  assert.deepEqual(
    instants.toSorted((a, b) => a - b),
    instants,
  );
}
