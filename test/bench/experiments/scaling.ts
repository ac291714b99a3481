import { ownCommand, ownSummary } from '../clients/tokenswarm.js';
import { complete, inFolder } from '../measure.js';
import { median } from '../statistics.js';
import type { Experiment, Figure } from './experiment.js';

/** Users of each worker. */
const USERS = 10;

/** How much faster a scenario that needs no server is with more workers, each on a core of its own. */
export const scaling: Experiment = {
  name: 'scaling',
  title: 'Iterations with more workers',
  when: 'at leisure',
  async run({ quick, workers, tell }) {
    const levels = [...new Set([1, 2, 4, 8, 16, 32, 64].filter((level) => level < workers)), workers];
    const rates = new Map(levels.map((level) => [level, [] as number[]]));
    for (let repeat = 0; repeat < (quick ? 1 : 3); repeat += 1) {
      for (const [level, found] of rates) {
        const rate = await iterationRate(level);
        tell(`${level} workers: ${rate.toFixed(0)} iterations/s`);
        found.push(rate);
      }
    }
    const single = median(rates.get(1) ?? []);
    return levels.flatMap((level): Figure[] => {
      const rate = median(rates.get(level) ?? []);
      const absolute = { what: `${level} worker${level > 1 ? 's' : ''}`, value: rate, unit: 'it/s' };
      if (level === 1) return [absolute];
      return [absolute, { what: `${level} workers ÷ 1`, value: rate / single, unit: '×', least: 0.9 * level }];
    });
  },
};

/** Iterations a second with so many workers, which may use all cores. */
async function iterationRate(workers: number): Promise<number> {
  const { metrics } = await inFolder(async (folder) => {
    const env = { USERS: USERS * workers, HOLD: '4s' };
    await complete(ownCommand({ scenario: 'serverless', env, workers }, folder), 'all cores');
    return ownSummary(folder);
  });
  return metrics.iterations?.values.rate ?? Number.NaN;
}
