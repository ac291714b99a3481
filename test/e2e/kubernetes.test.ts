import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '../../engine/errors.js';
import type { Summary } from '../../engine/index.js';
import { COMMAND, ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type PodNetwork, podNetwork } from '../support/pod-network.js';
import { type Pod, Pods } from '../support/pods.js';
import { freePort } from '../support/port.js';
import { PYTHON, packageVersion } from '../support/python.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const SCENARIO = `
import { chat } from 'tokenswarm';
export const options = { scenarios: { steady: { executor: 'constant-vus', vus: 3, duration: '1500ms' } } };
export default async function () { await chat({ messages: 'why?', maxTokens: 4 }); }
`;

/** Names of the pods and the server in their network. */
const NAMES = {
  server: 'vllm.default.svc',
  'pod-0': 'load-0.load',
  'pod-1': 'load-1.load',
  'pod-2': 'load-2.load',
  master: 'load-master',
};

describe('the Jobs of deploy/kubernetes, played by processes', function () {
  this.timeout(90_000);
  let network: PodNetwork | undefined;
  let simulator: Simulator;
  let server: Pod | undefined;

  before(async () => {
    [network, simulator] = await Promise.all([podNetwork(testFolder().path, NAMES), sharedSimulator()]);
    if (!network) return;
    const pods = new Pods(testFolder(), SCENARIO, network);
    const simulate = [process.execPath, COMMAND, 'simulate', '--host', '0.0.0.0', '--port', '8000'];
    server = pods.run('server', simulate, { cwd: pods.at(), env: { ...process.env } });
    await saw(server, 'http://');
  });
  after(() => {
    server?.child.kill();
    network?.close();
  });

  /** Addresses of this machine, where pods have no network of their own. */
  async function ownPlaces() {
    if (network) return { here: { '3': '1' }, env: {} };
    const port = await freePort();
    return {
      here: { '3': '1', 'load-0.load:7001': `127.0.0.1:${port}` },
      env: { TOKENSWARM_BASE_URL: `${simulator.url}/v1` },
    };
  }

  it('gather a late share, outlive a killed one, and are merged into one verdict that names it', async () => {
    const folder = testFolder();
    const pods = new Pods(folder, SCENARIO, network);
    const { here, env } = await ownPlaces();
    const share = (index: number) => {
      const own = { ...env, JOB_COMPLETION_INDEX: String(index) };
      return pods.start({ file: 'shares/job.yaml', name: `pod-${index}`, env: own, here });
    };
    const first = share(0);
    const killed = share(1);
    await saw(first, /waiting for shares? (2, )?3 of 3/);
    const late = share(2);
    await saw(killed, /^00:0\d\//m);
    killed.child.kill('SIGKILL');
    assert.deepEqual(
      await Promise.all([first.ended, killed.ended, late.ended]),
      [0, null, 0],
      first.said() + late.said(),
    );
    assert.deepEqual(readdirSync(pods.at('results/run-1/shares')).sort(), ['0.json', '1.journal', '2.json']);
    const merged = pods.start({ file: 'merge/job.yaml', name: 'master' });
    assert.equal(await merged.ended, ExitCode.externalAbort, merged.said());
    const { run, quality, metrics } = folder.summary('results/run-1/run.json');
    assert.deepEqual([quality.verdict, run.outcome], ['invalid', 'interrupted']);
    assert.match(run.missing.join(), /^share 2: everything later than [\d.]+ s into the load$/);
    const counts = ['0', '2'].map((n) => requestsOf(folder.summary(`results/run-1/shares/${n}.json`)));
    const all = metrics.llm_requests?.windows.whole?.count ?? 0;
    assert.ok(all >= counts.reduce((sum, count) => sum + count, 0) && all > 0, `${all} of ${counts}`);
    assert.ok(readFileSync(pods.at('results/run-1/run.html'), 'utf8').includes('share 2'));
    assert.deepEqual(readdirSync(pods.at('tmp-pod-0')), [], 'it leaves nothing in /tmp');
  });

  it(`run a swarm of Locust (of ${PYTHON}) to its end, with one late worker, and are merged`, async function () {
    if (!network || !(await packageVersion('locust'))) this.skip();
    const folder = testFolder();
    const pods = new Pods(folder, SCENARIO, network);
    const worker = (index: number) => {
      const env = { JOB_COMPLETION_INDEX: String(index) };
      return pods.start({ file: 'locust/workers.yaml', name: `pod-${index}`, env, here: { '3': '1' } });
    };
    const workers = [worker(0)];
    await saw(workers[0], 'waiting for a Locust master at load-master:5557');
    const master = pods.start({
      ...{ file: 'locust/master.yaml', name: 'master', command: [PYTHON, '-m', 'locust'] },
      env: { LOCUST_USERS: '6', LOCUST_SPAWN_RATE: '6', LOCUST_RUN_TIME: '4s', LOCUST_AUTOQUIT: '1' },
      here: { '/swarm': join(ROOT, 'deploy/kubernetes/locust') },
    });
    workers.push(worker(1));
    await saw(master, /Waiting for workers to be ready, 2 of 3 connected/);
    workers.push(worker(2));
    assert.equal(await master.ended, 0, master.said());
    for (const { ended, said } of workers) assert.equal(await ended, 0, said());
    assert.deepEqual(readdirSync(pods.at('results/run-1/shares')).sort(), ['0.json', '1.json', '2.json']);
    const merged = pods.start({ file: 'merge/job.yaml', name: 'server' });
    assert.equal(await merged.ended, 0, merged.said());
    const { run, machines = [], ...whole } = folder.summary('results/run-1/run.json');
    assert.deepEqual([run.outcome, machines.length], ['completed', 3]);
    const counts = [0, 1, 2].map((n) => requestsOf(folder.summary(`results/run-1/shares/${n}.json`)));
    assert.ok(Math.min(...counts) > 0, `${counts}`);
    assert.equal(
      requestsOf(whole),
      counts.reduce((sum, count) => sum + count),
    );
  });
});

/** Waits until a pod has said something. */
async function saw(pod: Pod | undefined, text: string | RegExp): Promise<void> {
  const found = () => (typeof text === 'string' ? pod?.said().includes(text) : text.test(pod?.said() ?? ''));
  for (let tries = 0; !found(); tries += 1) {
    assert.ok(tries < 600 && pod?.child.exitCode === null, pod?.said());
    await sleep(50);
  }
}

function requestsOf({ metrics }: Pick<Summary, 'metrics'>): number {
  return metrics.llm_requests?.windows.whole?.count ?? 0;
}
