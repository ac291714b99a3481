import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownCommand } from '../clients/tokenswarm.js';
import { inFolder, start } from '../measure.js';
import { residentBytes } from '../processes.js';
import { blocks, POINTS, slopeOf } from '../statistics.js';
import type { Bench, Experiment } from './experiment.js';

const STREAMS = 500;

/** Share of the time left out at the start. Memory grows there, while code is compiled and buffers find their size. */
const SETTLING = 0.2;

/** Growth of memory under load: slope and its confidence interval. */
export const soak: Experiment = {
  name: 'soak',
  title: 'Growth of memory',
  when: 'when named',
  async run(bench) {
    const resident = await inFolder((folder) => residentWhile(bench, folder));
    const counted = resident.slice(Math.ceil(SETTLING * resident.length));
    const means = blocks(counted, POINTS);
    const { slope, margin } = slopeOf(means);
    // A step is as long as a block: one value a second, so many values.
    const perMinute = 60 / Math.floor(counted.length / POINTS) / 1e6;
    const least = (slope - margin) * perMinute;
    bench.log(least <= 0 ? 'flat: a slope of zero is within the 95 % confidence interval, or above it' : 'not flat');
    return [
      { what: `${STREAMS} streams, at the end`, value: (means.at(-1) ?? Number.NaN) / 1e6, unit: 'MB' },
      { what: 'growth', value: slope * perMinute, unit: 'MB/min' },
      { what: 'growth, half of its 95 % interval', value: margin * perMinute, unit: 'MB/min' },
      { what: 'growth, low end of its 95 % interval', value: least, unit: 'MB/min', goal: 0 },
    ];
  },
};

/** Resident bytes once a second under streams of 50 tokens/s. */
async function residentWhile({ target, minutes }: Bench, folder: string): Promise<readonly number[]> {
  const seconds = Math.round(minutes * 60);
  const env = { STREAMS, SPREAD: '1s', HOLD: `${seconds + 5}s` };
  const args = ['--base-url', target.url, '--model', 'bench-ttft50-itl20-len50'];
  const child = start(ownCommand({ scenario: 'streams', env, args }, folder));
  const closed = once(child, 'close');
  const resident: number[] = [];
  for (const startedAt = performance.now(); resident.length < seconds; ) {
    await sleep(startedAt + 1000 * (resident.length + 1) - performance.now());
    if (child.exitCode !== null || child.signalCode) throw new Error('tokenswarm ended early');
    resident.push(residentBytes(child.pid ?? 0));
  }
  await closed;
  return resident;
}
