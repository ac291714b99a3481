import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownCommand, ownSummary } from '../clients/tokenswarm.js';
import { GENERATOR_CORE, pinned } from '../cores.js';
import { inFolder } from '../measure.js';
import { cpuSeconds } from '../processes.js';
import { median } from '../statistics.js';
import type { Bench, Experiment, Figure } from './experiment.js';

const STREAMS = 1000;

/** Terminal sizes, with the percentage of a core allowed to the dashboard. */
const SIZES = [
  { width: 80, height: 24, allowed: 3 },
  { width: 200, height: 60, allowed: 5 },
] as const;

/** Seconds that are looked at, in the middle of the load. */
const LOOK = 10;

/** Cost and results of a run. CPU is in percent of a core, times are in milliseconds. */
interface Watched {
  readonly thread: number;
  readonly process: number;
  readonly mean: number;
  readonly p99: number;
}

/** Cost of the dashboard, and its effect on the measured latencies. */
export const dashboard: Experiment = {
  name: 'dashboard',
  title: 'Cost of the dashboard',
  when: 'at leisure',
  async run(bench) {
    if (spawnSync('tmux', ['-V']).status !== 0) {
      bench.log('left out: tmux is not installed');
      return [];
    }
    const figures: Figure[] = [];
    for (const { width, height, allowed } of SIZES) {
      const runs: Record<'off' | 'on', Watched[]> = { off: [], on: [] };
      for (let repeat = 0; repeat < (bench.quick ? 1 : 3); repeat += 1) {
        for (const when of ['off', 'on'] as const) runs[when].push(await watch(bench, when, width, height));
      }
      const of = (when: 'off' | 'on', figure: keyof Watched) => median(runs[when].map((run) => run[figure]));
      const more = (figure: keyof Watched) => of('on', figure) - of('off', figure);
      const at = `${width}×${height}`;
      figures.push(
        { what: `${at}, main thread, off`, value: of('off', 'thread'), unit: '% of a core' },
        { what: `${at}, main thread, on`, value: of('on', 'thread'), unit: '% of a core' },
        { what: `${at}, added by the dashboard`, value: more('thread'), unit: '% of a core', goal: allowed },
        { what: `${at}, added to the whole process`, value: more('process'), unit: '% of a core' },
        { what: `${at}, mean TTFT, off`, value: of('off', 'mean'), unit: 'ms' },
        { what: `${at}, mean TTFT, on`, value: of('on', 'mean'), unit: 'ms' },
        { what: `${at}, p99 TTFT, off`, value: of('off', 'p99'), unit: 'ms' },
        { what: `${at}, p99 TTFT, on`, value: of('on', 'p99'), unit: 'ms' },
      );
    }
    return figures;
  },
};

async function watch({ target, log }: Bench, when: 'off' | 'on', width: number, height: number): Promise<Watched> {
  return await inFolder(async (folder) => {
    const command = ownCommand(
      {
        scenario: 'streams',
        env: { STREAMS, SPREAD: '3s', HOLD: `${LOOK + 4}s` },
        args: ['--base-url', target.url, '--model', 'bench-ttft50-itl100-len20', '--dashboard', when],
      },
      folder,
    );
    const socket = `tokenswarm-bench-${process.pid}`;
    const tmux = (...args: readonly string[]) =>
      execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
    const shell = `exec ${pinned([GENERATOR_CORE], command)
      .map((part) => `'${part}'`)
      .join(' ')}`;
    tmux('new-session', '-d', '-x', String(width), '-y', String(height), '-e', 'LANG=C.UTF-8', shell);
    const pid = Number(tmux('display-message', '-p', '#{pane_pid}'));
    await sleep(6000);
    const before = usedBy(pid);
    await sleep(LOOK * 1000);
    const after = usedBy(pid);
    const share = (of: 'thread' | 'process') => ((after[of] - before[of]) / LOOK) * 100;
    while (isAlive(pid)) await sleep(200);
    const { avg: mean = Number.NaN, 'p(99)': p99 = Number.NaN } = ownSummary(folder).metrics.llm_ttft?.values ?? {};
    const watched = { thread: share('thread'), process: share('process'), mean, p99 };
    log(
      `${width}×${height}, ${when}: main thread ${watched.thread.toFixed(1)} %, process ${watched.process.toFixed(1)} %`,
    );
    return watched;
  });
}

/** Seconds of CPU time so far: main thread and whole process. */
function usedBy(pid: number): { readonly thread: number; readonly process: number } {
  const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return { thread: (Number(fields[11]) + Number(fields[12])) / 100, process: cpuSeconds(pid) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
