import type { StreamClient } from '../clients/client.js';
import { floorClient } from '../clients/floor.js';
import { aiohttpClient, locustFastClient, locustHttpClient } from '../clients/python.js';
import { rustClient } from '../clients/rust.js';
import { nativeClient, tokenswarmClient } from '../clients/tokenswarm.js';
import { measure } from '../measure.js';
import { median } from '../statistics.js';
import { type Bench, type Experiment, type Figure, present } from './experiment.js';

/** A number of streams and its limits. */
interface Level {
  readonly streams: number;
  /** Most milliseconds of error above that of the floor client. */
  readonly allowed: number;
  /** Measurements of the floor client and tokenswarm; peers have one. */
  readonly repeats: number;
  readonly peers: boolean;
  /** Length of a stream; short where there are few streams. So there are enough of them for percentiles. */
  readonly tokens: number;
}

const LEVELS: readonly Level[] = [
  { streams: 1, allowed: 1, repeats: 3, peers: false, tokens: 5 },
  { streams: 10, allowed: 1, repeats: 3, peers: false, tokens: 5 },
  { streams: 100, allowed: 2, repeats: 3, peers: true, tokens: 50 },
  { streams: 500, allowed: 5, repeats: 2, peers: true, tokens: 50 },
  { streams: 1000, allowed: 15, repeats: 1, peers: true, tokens: 50 },
];

/** Largest error of the native reader, in milliseconds. */
const NATIVE = { mean: 0.1, p99: 0.5 };

/** Every stream at its own pace, or all on the same ticks. */
const MODES = [
  ['spread', ''],
  ['lock-step', '-lock'],
] as const;

/** Error of the reported TTFT against the server's own, at 50 tokens/s. */
export const ttftError: Experiment = {
  name: 'ttft-error',
  title: 'Error of the reported time to first token',
  when: 'always',
  async run(bench) {
    const floor = floorClient(bench.native);
    const peers = bench.quick
      ? []
      : present([rustClient, aiohttpClient, locustFastClient, locustHttpClient], bench.log);
    const native = present([nativeClient], bench.log);
    const figures: Figure[] = [];
    for (const level of LEVELS.filter(({ streams }) => !bench.quick || streams === 100)) {
      for (const [mode, suffix] of MODES) {
        const model = `bench-ttft50-itl20-len${level.tokens}${suffix}`;
        const ours = [floor, tokenswarmClient, ...native];
        const errors = await errorsOf(ours, level.peers ? peers : [], level, model, bench);
        const least = errors.get(floor) ?? { mean: Number.NaN, p99: Number.NaN };
        for (const [client, error] of errors) {
          for (const kind of ['mean', 'p99'] as const) {
            const allowed = new Map([
              [tokenswarmClient, least[kind] + level.allowed],
              [nativeClient, NATIVE[kind]],
            ]).get(client);
            const goal = allowed === undefined ? {} : { goal: allowed };
            const what = `${client.name}, ${level.streams} ${mode}, ${kind}`;
            figures.push({ what, value: error[kind], unit: 'ms', ...goal });
          }
        }
        const { reportedToTrue = Number.NaN } = errors.get(tokenswarmClient) ?? {};
        const what = `reported ÷ true mean, ${level.streams} ${mode}`;
        figures.push({ what, value: reportedToTrue, unit: '×', guarded: true });
        for (const client of native) {
          const value = errors.get(client)?.reportedToTrue ?? Number.NaN;
          figures.push({ what: `${what}, ${client.name}`, value, unit: '×', guarded: true });
        }
      }
    }
    return figures;
  },
};

/** Reported less true TTFT in milliseconds, and their ratio. */
interface TtftError {
  readonly mean: number;
  readonly p99: number;
  readonly reportedToTrue: number;
}

async function errorsOf(
  ours: readonly StreamClient[],
  peers: readonly StreamClient[],
  { streams, repeats }: Level,
  model: string,
  { target, quick, log }: Bench,
): Promise<Map<StreamClient, TtftError>> {
  const runs = new Map([...ours, ...peers].map((client) => [client, [] as TtftError[]]));
  for (let repeat = 0; repeat < (quick ? 1 : repeats); repeat += 1) {
    for (const client of repeat === 0 ? [...ours, ...peers] : ours) {
      const load = { streams, spread: 1000, hold: quick ? 2500 : 4000, model };
      const { reported, truth } = await measure(client, load, target);
      const mean = reported.ttft.mean - truth.ttft.mean;
      log(`${client.name}, ${streams} streams: ${mean.toFixed(2)} ms, of ${truth.ttft.count} requests`);
      runs.get(client)?.push({
        mean,
        p99: reported.ttft.p99 - truth.ttft.p99,
        reportedToTrue: reported.ttft.mean / truth.ttft.mean,
      });
    }
  }
  return new Map(
    [...runs].map(([client, errors]) => {
      const middle = (kind: keyof TtftError) => median(errors.map((error) => error[kind]));
      return [client, { mean: middle('mean'), p99: middle('p99'), reportedToTrue: middle('reportedToTrue') }];
    }),
  );
}
