import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../support/command.js';
import { type Sink, startSink } from '../clients/sink.js';
import { ownCommand } from '../clients/tokenswarm.js';
import { inFolder, start } from '../measure.js';
import { cpuSeconds } from '../processes.js';
import { median } from '../statistics.js';
import type { Bench, Experiment } from './experiment.js';

/** Lanes, their turns in a second, and tokens of a prompt. */
const LANES = 1000;
const RATE = 50;
const TOKENS = 100_000;

const EVERY = (1000 * LANES) / RATE;

/** Milliseconds until each lane has had a turn, and those measured. */
const WARM = EVERY + 2000;
const HOLD = 20_000;

/** CPU time of long prompts, beside bare sockets with as many bytes. */
export const longPrompts: Experiment = {
  name: 'long-prompts',
  title: `Prompts of ${TOKENS.toLocaleString('en')} tokens, ${LANES} lanes, ${RATE} requests/s`,
  when: 'at leisure',
  async run({ log }: Bench) {
    const sink = await startSink();
    try {
      const own = (tokens: number) => costOf(sink, (folder) => ownLanes(sink, tokens, folder));
      const bare = (bytes: number) => costOf(sink, () => bareLanes(sink, bytes));
      const found = { own: [] as number[], short: [] as number[], bare: [] as number[], bareShort: [] as number[] };
      for (let repeat = 0; repeat < 3; repeat += 1) {
        found.own.push(await own(TOKENS));
        found.bare.push(await bare(4 * TOKENS));
        found.short.push(await own(1));
        found.bareShort.push(await bare(400));
        log(
          `µs a request: ${Object.entries(found)
            .map(([name, all]) => `${name} ${all.at(-1)?.toFixed(0)}`)
            .join(', ')}`,
        );
      }
      const [long, short] = [median(found.own), median(found.short)];
      const [floor, floorShort] = [median(found.bare), median(found.bareShort)];
      return [
        { what: 'bare socket, 400 kB', value: floor, unit: 'µs' },
        { what: 'bare socket, 400 bytes', value: floorShort, unit: 'µs' },
        { what: 'tokenswarm, 400 kB', value: long, unit: 'µs' },
        { what: 'tokenswarm, 1 kB', value: short, unit: 'µs' },
        { what: 'tokenswarm ÷ bare socket, 400 kB', value: long / floor, unit: '×', goal: 1.5 },
        { what: 'tokenswarm, 400 kB ÷ 1 kB', value: long / short, unit: '×', goal: 1.5 },
      ];
    } finally {
      sink.close();
    }
  },
};

function ownLanes({ port }: Sink, tokens: number, folder: string): readonly string[] {
  const env = { LANES, EVERY, TOKENS: tokens, HOLD: `${WARM + HOLD + 2000}ms` };
  const args = ['--base-url', `http://127.0.0.1:${port}/v1`, '--model', 'm', '--server-metrics', 'off'];
  return ownCommand({ scenario: 'lanes', env, args }, folder);
}

function bareLanes({ port }: Sink, bytes: number): readonly string[] {
  return [
    process.execPath,
    join(ROOT, 'dist/test/bench/clients/bare-socket.js'),
    ...[port, LANES, EVERY, bytes].map(String),
  ];
}

/** Microseconds of CPU for each request of a command. */
function costOf({ read }: Sink, command: (folder: string) => readonly string[]): Promise<number> {
  return inFolder(async (folder) => {
    const child = start(command(folder));
    const look = () => ({ cpu: cpuSeconds(child.pid ?? 0), requests: read.requests });
    await sleep(WARM);
    const from = look();
    await sleep(HOLD);
    const to = look();
    child.kill('SIGKILL');
    return ((to.cpu - from.cpu) / (to.requests - from.requests)) * 1e6;
  });
}
