import assert from 'node:assert/strict';
import { type Exchange, openExchange } from '../../engine/client/exchange.js';
import { chatProtocol } from '../../engine/client/protocols/chat.js';
import type { Protocol } from '../../engine/client/protocols/protocol.js';
import { send } from '../../engine/client/request.js';
import { figuresOf, tokensCarried } from '../../engine/client/request-figures.js';
import { parseTarget } from '../../engine/client/target.js';
import { ConnectionSet } from '../../engine/client/transport/connection-set.js';
import { Transport } from '../../engine/client/transport/transport.js';
import { systemClock as clock, sleep } from '../../engine/clock.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** The truth of fixed mode: what the simulator was told to do. */
const TTFT = 50;
const ITL = 10;
const TOKENS = 60;
const MODEL = `sim-ttft${TTFT}-itl${ITL}-len${TOKENS}`;

/** An exchange with the server's own instant of writing each event. */
interface Witnessed {
  readonly exchange: Exchange;
  readonly writtenAt: readonly number[];
}

/** Sends one request and records the server's instants beside its own. */
async function witness(url: string, connections: ConnectionSet): Promise<Witnessed> {
  const writtenAt: number[] = [];
  const exchange = openExchange('chat', MODEL, clock.now());
  const protocol: Protocol<Parameters<typeof chatProtocol.encode>[0]> = {
    ...chatProtocol,
    decode(event, at, read) {
      // An example that is not read is no template, so every event comes here.
      if (read !== exchange) return;
      const before = exchange.chunkAt.length;
      chatProtocol.decode(event, at, exchange);
      if (exchange.chunkAt.length > before)
        writtenAt.push((JSON.parse(event.data) as { written_at: number }).written_at);
    },
  };
  const request = { messages: [{ role: 'user', content: '你好' }] } as const;
  const timeouts = { total: 10_000, idle: 10_000 };
  await send(protocol, request, exchange, {
    target: parseTarget({ baseUrl: url, model: MODEL }),
    connections,
    clock,
    timeouts,
  });
  return { exchange, writtenAt };
}

/** Lower quartile. Other programs disturb it less than the median. */
function quartile(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;
}

describe('truth, against a server that says when it wrote what', () => {
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  for (const streams of [1, 10, 50]) {
    it(`tells TTFT, every event and every token of ${streams} streams as they were`, async () => {
      const origin = parseTarget({ baseUrl: simulator.url, model: MODEL }).origin;
      const users = Array.from({ length: streams }, () => new ConnectionSet(origin, new Transport(), clock));
      // Each user makes a first request that opens its socket, then those that count, spread over 100 ms.
      await Promise.all(users.map((connections) => witness(simulator.url, connections)));
      const rounds = streams === 1 ? 5 : 2;
      const all = await Promise.all(
        users.map(async (connections, index) => {
          const mine: Witnessed[] = [];
          await sleep(clock, (index * 100) / streams);
          for (let round = 0; round < rounds; round += 1) mine.push(await witness(simulator.url, connections));
          connections.close();
          return mine;
        }),
      );
      const witnessed = all.flat();

      for (const { exchange, writtenAt } of witnessed) {
        assert.equal(exchange.failure, undefined);
        assert.equal(tokensCarried(exchange).all, TOKENS);
        assert.equal(exchange.usage?.outputTokens, TOKENS);
        assert.equal(writtenAt.length, TOKENS);
        const { ttft = 0, tpot = 0, e2e = 0 } = figuresOf(exchange);
        assert.ok(Math.abs(e2e - (ttft + tpot * (TOKENS - 1))) < 1e-6, 'e2e = ttft + tpot × (n − n₁)');
      }
      const ttft = Math.min(...witnessed.map(({ exchange }) => figuresOf(exchange).ttft ?? Number.NaN));
      assert.ok(ttft > TTFT - 1, `the least TTFT is ${ttft.toFixed(2)} ms, the truth ${TTFT}`);
      // On a slow machine the server itself is late, and says so.
      const added = Math.min(
        ...witnessed.map(({ exchange, writtenAt: [first = 0] }) => {
          return (figuresOf(exchange).ttft ?? Number.NaN) - (first - exchange.sentAt);
        }),
      );
      assert.ok(added < 2, `${added.toFixed(2)} ms are added to the least TTFT`);
      const delays = witnessed.flatMap(({ exchange, writtenAt }) =>
        exchange.chunkAt.map((at, i) => at - (writtenAt[i] ?? 0)),
      );
      assert.ok(Math.min(...delays) > -0.1, `an event came ${-Math.min(...delays)} ms before it was written`);
      assert.ok(
        quartile(delays) < 2,
        `events are noted ${quartile(delays).toFixed(2)} ms after they were written (p25)`,
      );
    });
  }

  it('is not late with the first request of a run', async () => {
    const folder = testFolder();
    const scenario = folder.write(
      'first.ts',
      `import { chat } from 'tokenswarm';
       export const options = { iterations: 5, thresholds: { 'llm_ttft{name:first}': [], 'llm_ttft{name:later}': [] } };
       export default async function () { await chat({ messages: '你好', name: __ITER === 0 ? 'first' : 'later' }); }`,
    );
    const args = ['run', scenario, '--base-url', simulator.url, '--model', MODEL, '--out'];
    const late: number[] = [];
    // A first request that is late by itself is late in every run, one that the machine has held up in few.
    for (let i = 0; i < 5; i += 1) {
      const { code, stderr } = await tokenswarm([...args, `json=${folder.path}/run.json`]);
      assert.equal(code, 0, stderr);
      const { metrics } = folder.summary('run.json');
      const [first = 0, later = 0] = ['first', 'later'].map((name) => metrics[`llm_ttft{name:${name}}`]?.values.med);
      assert.ok(Math.min(first, later) > TTFT - 1, `TTFT of the first ${first} ms, of the others ${later} ms`);
      late.push(first - later);
    }
    assert.ok(Math.min(...late) < 9, `the first TTFT is above the median of the others by ${late.join(', ')} ms`);
  });

  it('counts exactly and times truly in a whole run of fifty users', async () => {
    const folder = testFolder();
    const scenario = folder.write(
      'fixed.ts',
      `import { chat, sleep } from 'tokenswarm';
       export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 50, iterations: 3 } } };
       export default async function () {
         if (__ITER === 0) await sleep(__VU / 100);
         await chat({ messages: '你好' });
       }`,
    );
    const args = [
      'run',
      scenario,
      '--base-url',
      simulator.url,
      '--model',
      MODEL,
      '--out',
      `json=${folder.path}/run.json`,
    ];
    const { code, stderr } = await tokenswarm(args);
    assert.equal(code, 0, stderr);
    const { metrics } = folder.summary('run.json');
    assert.equal(metrics.llm_requests?.values.count, 150);
    assert.equal(metrics.llm_output_tokens?.values.count, 150 * TOKENS);
    // On a busy machine a few streams begin with several events in one read.
    const gaps = metrics.llm_itl?.values.count ?? 0;
    assert.ok(gaps <= 150 * (TOKENS - 1) && gaps >= 0.9 * 150 * (TOKENS - 1), `${gaps} gaps`);
    // The least is disturbed neither by sockets that are opened nor by a busy machine.
    const ttft = metrics.llm_ttft?.values.min ?? 0;
    assert.ok(ttft > TTFT - 1 && ttft < TTFT + 20, `the least TTFT is ${ttft} ms, the truth ${TTFT}`);
    const tpot = metrics.llm_tpot?.values.min ?? 0;
    assert.ok(Math.abs(tpot - ITL) < 1, `the least TPOT is ${tpot} ms, the truth ${ITL}`);
  });
});
