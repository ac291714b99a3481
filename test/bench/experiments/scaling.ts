import { ownCommand, ownSummary } from '../clients/tokenswarm.js';
import { CORES } from '../cores.js';
import { complete, inFolder } from '../measure.js';
import { median } from '../statistics.js';
import type { Experiment, Figure } from './experiment.js';

/** Users of each worker. */
const USERS = 10;

/**
 * Speed-up with k workers on k cores, without a server. The machine's own measure stands beside it: k runs at once, of
 * one worker on one core each, which have nothing in common.
 */
export const scaling: Experiment = {
  name: 'scaling',
  title: 'Iterations with more workers',
  when: 'at leisure',
  async run({ quick, workers, log }) {
    const levels = [2, 4, 8, 16, 32, 64, workers].filter(
      (level, at, all) => level > 1 && level <= workers && all.indexOf(level) === at,
    );
    const singles: number[] = [];
    const found = levels.map((level) => ({ level, together: [] as number[], apart: [] as number[] }));
    for (let repeat = 0; repeat < (quick ? 1 : 3); repeat += 1) {
      singles.push(await iterationRate(1, coresFor(1)));
      for (const { level, together, apart } of found) {
        together.push(await iterationRate(level, coresFor(level)));
        const alone = await Promise.all(Array.from({ length: level }, (_, n) => iterationRate(1, coresFor(1, n))));
        apart.push(alone.reduce((sum, rate) => sum + rate, 0));
        log(`${level} workers: ${together.at(-1)?.toFixed(0)} iterations/s; as runs apart ${apart.at(-1)?.toFixed(0)}`);
      }
    }
    const single = median(singles);
    return [
      { what: '1 worker', value: single, unit: 'it/s' },
      ...found.flatMap(({ level, together, apart }): Figure[] => [
        { what: `${level} workers`, value: median(together), unit: 'it/s' },
        { what: `${level} workers ÷ 1`, value: median(together) / single, unit: '×', least: 0.9 * level },
        { what: `${level} runs of 1 worker ÷ 1`, value: median(apart) / single, unit: '×' },
      ]),
    ];
  },
};

/** Cores for the `n`th set of workers. */
function coresFor(workers: number, n = 0): number[] {
  return Array.from({ length: workers }, (_, index) => CORES[(n * workers + index) % CORES.length] ?? 0);
}

/** Iterations a second of these workers on these cores. */
async function iterationRate(workers: number, cores: number[]): Promise<number> {
  const { metrics } = await inFolder(async (folder) => {
    const env = { USERS: USERS * workers, HOLD: '4s' };
    await complete(ownCommand({ scenario: 'serverless', env, workers }, folder), cores);
    return ownSummary(folder);
  });
  return metrics.iterations?.values.rate ?? Number.NaN;
}
