import { readFileSync } from 'node:fs';
import { ownCommand } from '../clients/tokenswarm.js';
import { inFolder, use } from '../measure.js';
import { median } from '../statistics.js';
import type { Bench, Experiment, Figure } from './experiment.js';

const FEW = 100;
const MANY = 10_000;

/** Files that a process has open besides its sockets, at most. */
const OTHER_FILES = 200;

/** Memory held by many users, idle or each waiting for a stream. */
export const memory: Experiment = {
  name: 'memory',
  title: 'Memory of users',
  when: 'at leisure',
  async run(bench) {
    const few: number[] = [];
    const many: number[] = [];
    for (let repeat = 0; repeat < (bench.quick ? 1 : 3); repeat += 1) {
      few.push(await idle(bench, FEW));
      many.push(await idle(bench, MANY));
    }
    const each = (median(many) - median(few)) / (MANY - FEW) / 1024;
    const figures: Figure[] = [{ what: 'an idle user, without a socket', value: each, unit: 'KB', goal: 40 }];
    const files = mostFiles();
    if (files < MANY + OTHER_FILES) {
      bench.log(`${MANY} sockets are skipped: a process may open ${files} files here; raise it with ulimit -n`);
      return figures;
    }
    const open = (await streaming(bench)) / 1e6;
    return [...figures, { what: `${MANY} users with a stream each`, value: open, unit: 'MB', goal: 1000 }];
  },
};

/** Resident bytes of a run whose users all sleep. */
async function idle({ target, log }: Bench, users: number): Promise<number> {
  const { residentBytes } = await inFolder((folder) => {
    const run = { scenario: 'idle', env: { USERS: users, URL: target.url, HOLD: '4s' } };
    return use(ownCommand(run, folder), { spread: 0, hold: 3000 }, 'requests', target);
  });
  log(`${users} idle users: ${(residentBytes / 1e6).toFixed(0)} MB`);
  return residentBytes;
}

/** Resident bytes of a run whose users each receive a slow stream. Each has a socket, with a token every two seconds. */
async function streaming({ target }: Bench): Promise<number> {
  const { residentBytes } = await inFolder((folder) => {
    const env = { STREAMS: MANY, SPREAD: '5s', HOLD: '5s', GRACE: '0s' };
    const args = ['--base-url', target.url, '--model', 'bench-ttft50-itl2000-len1000'];
    return use(ownCommand({ scenario: 'streams', env, args }, folder), { spread: 5000, hold: 4000 }, 'tokens', target);
  });
  return residentBytes;
}

/**
 * Highest number of open files that a child process may have. Node raises its limit to that when it starts, and
 * children inherit it.
 */
function mostFiles(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const [, most = ''] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  return most === 'unlimited' ? Number.POSITIVE_INFINITY : Number(most);
}
