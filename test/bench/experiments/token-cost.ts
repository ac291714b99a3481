import type { StreamClient } from '../clients/client.js';
import { floorClient } from '../clients/floor.js';
import { aiohttpClient, locustFastClient, locustHttpClient } from '../clients/python.js';
import { rustClient } from '../clients/rust.js';
import { nativeClient, tokenswarmClient } from '../clients/tokenswarm.js';
import { measure } from '../measure.js';
import { median } from '../statistics.js';
import { type Bench, type Experiment, type Figure, present } from './experiment.js';

/** Streams that each peer carries, and tokenswarm's highest share of its cost. */
const PEERS = new Map<StreamClient, { readonly streams: number; readonly goal: number }>([
  [aiohttpClient, { streams: 300, goal: 0.7 }],
  [locustFastClient, { streams: 100, goal: 0.2 }],
  [locustHttpClient, { streams: 100, goal: 0.2 }],
]);

/**
 * Streams of the floor client and tokenswarm. With `--quick` they are few enough for a core that other programs use as
 * well.
 */
const STREAMS = 1000;
const FEW_STREAMS = 300;

/**
 * CPU time for each streamed token, 50 tokens/s a stream. Clients that cannot carry a thousand streams on a core are
 * measured at as many as they can: a saturated client would be let off the tokens that it has not read yet.
 */
export const tokenCost: Experiment = {
  name: 'token-cost',
  title: 'CPU time for each streamed token',
  when: 'always',
  async run(bench) {
    const floor = floorClient(bench.native);
    const peers = bench.quick ? [] : present([...PEERS.keys()], bench.log);
    const most = bench.quick ? FEW_STREAMS : STREAMS;
    const streamsOf = (client: StreamClient) => PEERS.get(client)?.streams ?? most;
    const native = present([nativeClient], bench.log);
    const rust = bench.quick ? [] : present([rustClient], bench.log);
    const costs = await interleaved(bench, [floor, tokenswarmClient, ...native, ...rust, ...peers], streamsOf);
    const own = costs.get(tokenswarmClient) ?? Number.NaN;
    const absolute = [...costs].map(([client, cost]): Figure => {
      return { what: `${client.name}, ${streamsOf(client)} streams`, value: cost, unit: 'µs' };
    });
    const toFloor = own / (costs.get(floor) ?? Number.NaN);
    return [
      ...absolute,
      { what: `tokenswarm ÷ floor, ${most} streams`, value: toFloor, unit: '×', goal: 1.6, guarded: true },
      ...native.map((client): Figure => {
        const value = (costs.get(client) ?? Number.NaN) / (costs.get(floor) ?? Number.NaN);
        return { what: `${client.name} ÷ floor, ${most} streams`, value, unit: '×', goal: 1.5, guarded: true };
      }),
      ...native.flatMap((client) =>
        rust.map((peer): Figure => {
          const value = (costs.get(client) ?? Number.NaN) / (costs.get(peer) ?? Number.NaN);
          return { what: `${client.name} ÷ ${peer.name}, ${most} streams`, value, unit: '×', goal: 0.75 };
        }),
      ),
      ...peers.map((peer): Figure => {
        const { goal = Number.NaN } = PEERS.get(peer) ?? {};
        return { what: `tokenswarm ÷ ${peer.name}`, value: own / (costs.get(peer) ?? Number.NaN), unit: '×', goal };
      }),
    ];
  },
};

async function interleaved(
  { target, quick, log }: Bench,
  clients: readonly StreamClient[],
  streamsOf: (client: StreamClient) => number,
) {
  const costs = new Map(clients.map((client) => [client, [] as number[]]));
  for (let repeat = 0; repeat < (quick ? 1 : 3); repeat += 1) {
    for (const client of clients) {
      const load = {
        streams: streamsOf(client),
        spread: 1000,
        hold: quick ? 3000 : 4000,
        model: 'bench-ttft50-itl20-len50',
      };
      const { cpuPerUnit, unitsPerSecond, residentBytes } = await measure(client, load, target);
      const memory = `${(residentBytes / 1e6).toFixed(0)} MB`;
      log(`${client.name}: ${cpuPerUnit.toFixed(2)} µs a token, ${unitsPerSecond.toFixed(0)} tokens/s, ${memory}`);
      costs.get(client)?.push(cpuPerUnit);
    }
  }
  return new Map([...costs].map(([client, values]) => [client, median(values)]));
}
