import { ownCommand, ownSummary } from '../clients/tokenswarm.js';
import { complete, inFolder } from '../measure.js';
import { mean } from '../statistics.js';
import type { Bench, Experiment } from './experiment.js';

/** Iterations a second. */
const RATE = 1000;

/** Most milliseconds of lateness above that of the sleeper in C. */
const ALLOWED = 2;

/** Most milliseconds by which median lateness may grow towards the end. A schedule that drifts exceeds it. */
const DRIFT = 0.5;

/** Lateness of empty iterations at a fixed rate, against a C sleeper. */
export const arrivalRate: Experiment = {
  name: 'arrival-rate',
  title: `${RATE} arrivals a second`,
  when: 'always',
  async run(bench) {
    const { quick, log } = bench;
    const seconds = quick ? 5 : 60;
    const before = await sleeperLateness(bench);
    const { metrics } = await inFolder(async (folder) => {
      await complete(ownCommand({ scenario: 'arrivals', env: { RATE, SECONDS: seconds } }, folder));
      return ownSummary(folder);
    });
    const after = await sleeperLateness(bench);
    log(`the sleeper: p99 ${before.toFixed(2)} ms before, ${after.toFixed(2)} ms after`);
    const least = mean([before, after]);
    const { steady, whole } = metrics.iteration_lateness?.windows ?? {};
    const { count: achieved = Number.NaN } = metrics.iterations?.windows.whole ?? {};
    const { 'p(99)': late = Number.NaN, med: middle = Number.NaN } = whole ?? {};
    const asked = RATE * seconds;
    return [
      { what: 'sleeper (C), lateness p99', value: least, unit: 'ms' },
      { what: 'tokenswarm, lateness p99', value: late, unit: 'ms', goal: least + ALLOWED },
      { what: 'achieved ÷ asked', value: achieved / asked, unit: '×', least: 0.999 },
      { what: 'asked ÷ achieved', value: asked / achieved, unit: '×', guarded: true },
      {
        what: `median lateness, last ${Math.min(10, seconds / 2)} s less all`,
        value: (steady?.med ?? Number.NaN) - middle,
        unit: 'ms',
        goal: DRIFT,
      },
    ];
  },
};

/** 99th percentile of how late the sleeper wakes, in milliseconds. */
async function sleeperLateness({ native, quick }: Bench): Promise<number> {
  const output = await complete([native.sleeper, String(RATE), quick ? '1' : '5']);
  return (JSON.parse(output) as { p99: number }).p99;
}
