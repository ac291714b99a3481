import type { StreamClient } from '../clients/client.js';
import { floorClient } from '../clients/floor.js';
import { rustClient } from '../clients/rust.js';
import { nativeClient, tokenswarmClient } from '../clients/tokenswarm.js';
import { type Measured, measure } from '../measure.js';
import { median } from '../statistics.js';
import { type Experiment, type Figure, present } from './experiment.js';

/** Loads, and the highest multiple of the cost of the floor. */
const LEVELS = [
  { streams: 100, tokens: 50 },
  { streams: 500, tokens: 50 },
  { streams: 1000, tokens: 50, goal: 1.5 },
  { streams: 1000, tokens: 200, goal: 1.1 },
  { streams: 1000, tokens: 10, goal: 2.5 },
  { streams: 2000, tokens: 50 },
] as const;

/** Highest share of the cost of vLLM's client in Rust. */
const OF_RUST = 0.75;

/** Highest errors of the native reader with 1,000 streams, in milliseconds. */
const ERRORS = { mean: 0.1, p99: 0.5 };

/** Readers, floor and vLLM's client: cost of a token, error of TTFT. */
export const levels: Experiment = {
  name: 'levels',
  title: 'Both readers at several loads',
  when: 'when named',
  async run({ native, target, quick, log }) {
    const floor = floorClient(native);
    const clients = [floor, ...present([nativeClient, tokenswarmClient, rustClient], log)];
    const figures: Figure[] = [];
    for (const { streams, tokens, ...limits } of LEVELS) {
      const load = { streams, spread: 1000, hold: quick ? 2500 : 4000, model: `bench-ttft50-itl20-len${tokens}` };
      const runs = new Map<StreamClient, Measured[]>(clients.map((client) => [client, []]));
      for (let repeat = 0; repeat < (quick ? 1 : 3); repeat += 1) {
        for (const [client, found] of runs) found.push(await measure(client, load, target));
      }
      const middle = (client: StreamClient, figure: (run: Measured) => number) =>
        median((runs.get(client) ?? []).map(figure));
      const cost = (client: StreamClient) => middle(client, ({ cpuPerUnit }) => cpuPerUnit);
      for (const client of clients) {
        const what = `${client.name}, ${streams} × ${tokens} tokens`;
        const isNative = client === nativeClient;
        log(`${what}: ${middle(client, ({ unitsPerSecond }) => unitsPerSecond).toFixed(0)} tokens/s`);
        figures.push({ what: `${what}, a token`, value: cost(client), unit: 'µs' });
        if (client !== floor) {
          const goal = isNative ? limits : {};
          figures.push({ what: `${what} ÷ floor`, value: cost(client) / cost(floor), unit: '×', ...goal });
        }
        if (isNative && runs.has(rustClient)) {
          const value = cost(client) / cost(rustClient);
          figures.push({ what: `${what} ÷ ${rustClient.name}`, value, unit: '×', goal: OF_RUST });
        }
        for (const kind of ['mean', 'p99'] as const) {
          const value = middle(client, ({ reported, truth }) => reported.ttft[kind] - truth.ttft[kind]);
          const goal = isNative && streams === 1000 ? { goal: ERRORS[kind] } : {};
          figures.push({ what: `${what}, error of TTFT, ${kind}`, value, unit: 'ms', ...goal });
        }
      }
    }
    return figures;
  },
};
