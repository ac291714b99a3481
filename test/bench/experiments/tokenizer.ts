import { join } from 'node:path';
import { openTokenizer } from '../../../engine/tokens/tokenizer.js';
import { ROOT } from '../../support/command.js';
import type { StreamClient } from '../clients/client.js';
import { ownCommand, ownSummary } from '../clients/tokenswarm.js';
import { measure } from '../measure.js';
import { median } from '../statistics.js';
import type { Bench, Experiment, Figure } from './experiment.js';

const TOKENIZER = join(ROOT, 'test/support/tokenizers/byte-level.json');

/** Streams of 50 tokens/s. At the second level there is more to count than there is time to. */
const LEVELS = [100, 500] as const;

const TOKENS = 100;

/** Most milliseconds that the tokenizer may add to the error of TTFT. */
const ALLOWED = { mean: 0.5, p99: 5 };

/** Cost and results of a run; times in milliseconds. */
interface Found {
  readonly cpu: number;
  readonly mean: number;
  readonly p99: number;
}

/**
 * Cost of counting answers with a tokenizer on a full core. The server counts none of them, and all threads share one
 * core, so that the tokenizer has only what the worker leaves.
 */
export const tokenizer: Experiment = {
  name: 'tokenizer',
  title: 'Cost of counting with a tokenizer',
  when: 'at leisure',
  async run(bench) {
    const figures: Figure[] = [speed()];
    for (const streams of LEVELS) {
      const runs: Record<'without' | 'with', Found[]> = { without: [], with: [] };
      let share = Number.NaN;
      for (let repeat = 0; repeat < (bench.quick ? 1 : 3); repeat += 1) {
        runs.without.push(await run(uncounted([]), streams, bench));
        runs.with.push(
          await run(
            uncounted(['--tokenizer', TOKENIZER], (counted) => (share = counted)),
            streams,
            bench,
          ),
        );
      }
      const of = (which: 'without' | 'with', figure: keyof Found) => median(runs[which].map((found) => found[figure]));
      for (const figure of ['mean', 'p99'] as const) {
        const what = `${streams} streams, error of TTFT, ${figure}`;
        const without = of('without', figure);
        figures.push(
          { what: `${what}, without`, value: without, unit: 'ms' },
          { what: `${what}, with`, value: of('with', figure), unit: 'ms', goal: without + ALLOWED[figure] },
        );
      }
      figures.push(
        { what: `${streams} streams, CPU time, without`, value: of('without', 'cpu'), unit: 'µs a token' },
        { what: `${streams} streams, CPU time, with`, value: of('with', 'cpu'), unit: 'µs a token' },
        { what: `${streams} streams, answers that were counted`, value: 100 * share, unit: '%' },
      );
    }
    return figures;
  },
};

async function run(client: StreamClient, streams: number, { target, quick, log }: Bench): Promise<Found> {
  const load = { streams, spread: 1000, hold: quick ? 4000 : 8000, model: `bench-ttft50-itl20-len${TOKENS}` };
  const { reported, truth, cpuPerUnit } = await measure(client, load, target);
  const mean = reported.ttft.mean - truth.ttft.mean;
  log(`${client.name}, ${streams} streams: TTFT ${mean.toFixed(2)} ms off`);
  return { cpu: cpuPerUnit, mean, p99: reported.ttft.p99 - truth.ttft.p99 };
}

/** Load whose answers the server does not count. `onCounted` gets the share of answers that the tokenizer has counted. */
function uncounted(args: readonly string[], onCounted: (counted: number) => void = () => undefined): StreamClient {
  return {
    name: args.length > 0 ? 'with a tokenizer' : 'without',
    missing: () => undefined,
    command({ port, streams, spread, hold, model }, folder) {
      const env = { STREAMS: streams, SPREAD: `${spread}ms`, HOLD: `${hold}ms`, TOKENS };
      const aim = ['--base-url', `http://127.0.0.1:${port}`, '--model', model];
      return ownCommand({ scenario: 'uncounted', env, args: [...aim, ...args] }, folder);
    },
    read(_, folder) {
      const { metrics, requests } = ownSummary(folder);
      const { tokenizer: counted = 0, events = 0 } = requests.countedBy ?? {};
      onCounted(counted / (counted + events));
      const { avg = Number.NaN, 'p(99)': p99 = Number.NaN } = metrics.llm_ttft?.windows.whole ?? {};
      return { ttft: { mean: avg, p99 } };
    },
  };
}

/** Tokenizer speed on texts like the target's, with nothing else running. */
function speed(): Figure {
  const { count } = openTokenizer(TOKENIZER);
  const texts = Array.from({ length: 400 }, (_, first) =>
    Array.from({ length: TOKENS }, (_, at) => ` ${(1e6 + first * 7919 + at * 20.017).toFixed(3)}`).join(''),
  );
  const startedAt = performance.now();
  const tokens = texts.reduce((sum, text) => sum + count(text), 0);
  return { what: 'the tokenizer alone', value: tokens / (performance.now() - startedAt), unit: 'tokens a ms' };
}
