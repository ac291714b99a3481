import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '../../engine/errors.js';
import type { Summary } from '../../engine/index.js';
import { COMMAND } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { expanded, type Job, manifest, settingsEnv } from '../support/kubernetes.js';
import { freePort } from '../support/port.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const SCENARIO = `
import { chat } from 'tokenswarm';
export const options = { scenarios: { steady: { executor: 'constant-vus', vus: 3, duration: '1500ms' } } };
export default async function () { await chat({ messages: 'why?', maxTokens: 4 }); }
`;

/** User of the pods. Only root can start processes of others. */
const USER = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

interface Pod {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

describe('the Jobs of deploy/kubernetes, played by processes', () => {
  const folder = testFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  let simulator: Simulator;
  let port = 0;

  before(async () => {
    [simulator, port] = await Promise.all([sharedSimulator(), freePort()]);
    chmodSync(folder.path, 0o755);
    writable('results');
  });

  /** Makes a folder that a pod's user may write to. */
  function writable(name: string): string {
    mkdirSync(at(name), { recursive: true });
    if (USER.uid !== undefined) chownSync(at(name), USER.uid, USER.gid);
    return at(name);
  }

  /** Mounts a ConfigMap: links to a folder that every node names differently. */
  function mounted(pod: string): string {
    const own = `..2026_12_01_08_00_00.${pod}`;
    folder.write(`${pod}/scenario/${own}/load.ts`, SCENARIO);
    symlinkSync(own, at(pod, 'scenario/..data'));
    symlinkSync('..data/load.ts', at(pod, 'scenario/load.ts'));
    for (const name of [`scenario/${own}`, 'scenario', '.']) chmodSync(at(pod, name), 0o555);
    return at(pod, 'scenario');
  }

  /** Starts a container of a Job. Folders, addresses and the number of workers are this machine's. */
  function start(file: string, name: string, own: Readonly<Record<string, string>>): Pod {
    const tmp = writable(`tmp-${name}`);
    const cwd = mounted(name);
    const [{ args, env = [] }] = manifest<Job>(file).spec.template.spec.containers;
    const fixed = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
    const given = {
      ...settingsEnv(),
      ...Object.fromEntries(fixed),
      ...own,
      TOKENSWARM_BASE_URL: `${simulator.url}/v1`,
    };
    const here = expanded(args, given).map((arg) =>
      arg
        .replace(/^3$/, '1')
        .replace('load-0.load:7001', `127.0.0.1:${port}`)
        .replace('/results', at('results'))
        .replace('/scenario', cwd),
    );
    const variables = { PATH: process.env.PATH ?? '', TMPDIR: tmp, ...given };
    const child = spawn(process.execPath, [COMMAND, ...here], { cwd, env: variables, ...USER });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
    }
    return { child, ended: once(child, 'close').then(([code]) => code), said: () => text };
  }

  const share = (index: number) => start('shares/job.yaml', `pod-${index}`, { JOB_COMPLETION_INDEX: String(index) });

  /** Waits until the load of a pod has begun. */
  async function underWay(pod: Pod): Promise<void> {
    for (let tries = 0; !/^00:0\d\//m.test(pod.said()); tries += 1) {
      assert.ok(tries < 400 && pod.child.exitCode === null, pod.said());
      await sleep(50);
    }
  }

  it('gather a late share, outlive a killed one, and are merged into one verdict that names it', async function () {
    this.timeout(60_000);
    const first = share(0);
    const killed = share(1);
    while (!first.said().includes('waiting for share')) await sleep(50);
    assert.match(first.said(), /waiting for shares? (2, )?3 of 3/);
    const late = share(2);
    await underWay(killed);
    killed.child.kill('SIGKILL');
    assert.deepEqual(
      await Promise.all([first.ended, killed.ended, late.ended]),
      [0, null, 0],
      first.said() + late.said(),
    );
    assert.deepEqual(readdirSync(at('results/run-1/shares')).sort(), ['0.json', '1.journal', '2.json']);
    const merged = start('merge/job.yaml', 'merge', {});
    assert.equal(await merged.ended, ExitCode.externalAbort, merged.said());
    const { run, quality, metrics } = folder.summary('results/run-1/run.json');
    assert.deepEqual([quality.verdict, run.outcome], ['invalid', 'interrupted']);
    assert.match(run.missing.join(), /^share 2: everything later than [\d.]+ s into the load$/);
    const counts = ['0', '2'].map((n) => requestsOf(folder.summary(`results/run-1/shares/${n}.json`)));
    const all = metrics.llm_requests?.windows.whole?.count ?? 0;
    assert.ok(all >= counts.reduce((sum, count) => sum + count, 0) && all > 0, `${all} of ${counts}`);
    assert.ok(readFileSync(at('results/run-1/run.html'), 'utf8').includes('share 2'));
    assert.deepEqual(readdirSync(at('tmp-pod-0')), [], 'it leaves nothing in /tmp');
  });
});

function requestsOf({ metrics }: Summary): number {
  return metrics.llm_requests?.windows.whole?.count ?? 0;
}
