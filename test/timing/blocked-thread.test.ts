import assert from 'node:assert/strict';
import { openExchange } from '../../engine/client/exchange.js';
import { chatProtocol } from '../../engine/client/protocols/chat.js';
import type { Protocol } from '../../engine/client/protocols/protocol.js';
import { startedReader, threadReader } from '../../engine/client/reader/native-reader.js';
import { send } from '../../engine/client/request.js';
import { parseTarget } from '../../engine/client/target.js';
import { ConnectionSet } from '../../engine/client/transport/connection-set.js';
import { PLAIN, Transport } from '../../engine/client/transport/transport.js';
import { systemClock as clock, every, sleep } from '../../engine/clock.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const MODEL = 'sim-ttft50-itl10-len20';
const STREAMS = 20;
const ROUNDS = 5;

type Chat = Parameters<typeof chatProtocol.encode>[0];

/** Delays of first tokens after the server wrote them, in milliseconds. */
async function lateness(url: string, reader: 'native' | 'js', busy: number): Promise<number[]> {
  const transport = new Transport({ ...PLAIN, reader });
  const late: number[] = [];
  const ask = async (connections: ConnectionSet) => {
    let writtenAt: number | undefined;
    const protocol: Protocol<Chat> = {
      ...chatProtocol,
      decode(event, at, exchange) {
        chatProtocol.decode(event, at, exchange);
        if (exchange.chunkAt.length > 0) writtenAt ??= (JSON.parse(event.data) as { written_at: number }).written_at;
      },
    };
    const exchange = openExchange('chat', MODEL, clock.now());
    const target = parseTarget({ baseUrl: url, model: MODEL });
    const timeouts = { total: 10_000, idle: 10_000 };
    await send(protocol, { messages: 'hi' }, exchange, { target, connections, clock, timeouts });
    assert.equal(exchange.failure, undefined);
    late.push((exchange.firstTokenAt ?? Number.NaN) - (writtenAt ?? Number.NaN));
  };
  const stop = every(clock, 100, () => {
    for (const until = clock.now() + busy; clock.now() < until; );
  });
  await Promise.all(
    Array.from({ length: STREAMS }, async (_, index) => {
      const connections = new ConnectionSet(parseTarget({ baseUrl: url, model: MODEL }).origin, transport, clock);
      await sleep(clock, (index * 250) / STREAMS);
      for (let round = 0; round < ROUNDS; round += 1) await ask(connections);
      connections.close();
    }),
  );
  stop();
  return late.sort((a, b) => a - b);
}

const p99 = (sorted: ArrayLike<number>) => sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN;

describe('first tokens, while a script keeps its thread busy for 20 ms of every 100', () => {
  let simulator: Simulator;

  before(async function () {
    if (!threadReader()) this.skip();
    simulator = await sharedSimulator();
  });

  it('have the same p99 within 1 ms, where they are read in C', async function () {
    this.timeout(60_000);
    await lateness(simulator.url, 'native', 0);
    startedReader()?.takeDelays();
    const idle = await lateness(simulator.url, 'native', 0);
    const busy = await lateness(simulator.url, 'native', 20);
    // A machine that does not run the reader's thread in time says nothing about blocked scripts.
    const delays = startedReader()?.takeDelays().sort() ?? new Float64Array();
    if (p99(delays) > 2) this.skip();
    const moved = p99(busy) - p99(idle);
    assert.ok(moved <= 1, `p99 is ${p99(busy)} ms late in place of ${p99(idle)}`);
  });

  it('are late by some of the 20 ms, where JavaScript reads them', async () => {
    const busy = await lateness(simulator.url, 'js', 20);
    assert.ok(p99(busy) > 5, `p99 is ${p99(busy)} ms late`);
  });
});
