import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, type Spawned, spawnTokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { freePort } from '../support/port.js';
import { PYTHON, packageVersion } from '../support/python.js';
import { type Relay, startRelay } from '../support/relay.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** Worker of a swarm, as the master's page reads it. */
interface SwarmWorker {
  readonly id: string;
  readonly state: string;
  readonly user_count: number;
}

describe(`a real Locust master (of ${PYTHON}) whose workers come and go`, function () {
  this.timeout(180_000);
  const folder = testFolder();
  const started: ChildProcess[] = [];
  let simulator: Simulator;
  let relay: Relay | undefined;
  let [port, page] = [0, 0];

  before(async function () {
    if (!(await packageVersion('locust'))) this.skip();
    [simulator, port, page] = await Promise.all([sharedSimulator(), freePort(), freePort()]);
    folder.write(
      'ask.ts',
      `import { chat } from 'tokenswarm';
       export default async function () { await chat({ messages: 'hi', name: 'ask' }); }`,
    );
  });
  after(async () => {
    for (const child of started) child.kill('SIGKILL');
    await relay?.close();
  });

  function startMaster() {
    const locustfile = join(ROOT, 'test/support/locust/swarm.py');
    const ports = ['--master-bind-port', String(port), '--web-port', String(page)];
    const args = ['-m', 'locust', '-f', locustfile, '--master', '--enable-rebalancing', ...ports];
    const child = spawn(PYTHON, args, { cwd: folder.path, stdio: 'ignore' });
    started.push(child);
    return child;
  }

  function startWorker(number: number, at = port): Spawned {
    const model = ['--base-url', `${simulator.url}/v1`, '--model', 'sim-ttft20-itl2-len5'];
    const out = ['--out', `json=${number}.json`];
    const running = spawnTokenswarm(['worker', 'ask.ts', '--master', `127.0.0.1:${at}`, ...model, ...out], {
      cwd: folder.path,
    });
    started.push(running.child);
    return running;
  }

  /** Waits until the master counts these users. A number for each worker that is not missing. */
  function counts(...expected: readonly number[]): Promise<void> {
    const wanted = expected.toSorted().join();
    return until(
      wanted,
      (workers) =>
        workers
          .map(({ user_count }) => user_count)
          .sort()
          .join() === wanted,
    );
  }

  /** Waits until `count` workers are not missing. */
  function present(count: number): Promise<void> {
    return until(`${count} workers`, ({ length }) => length === count);
  }

  async function until(what: string, isSo: (workers: readonly SwarmWorker[]) => boolean): Promise<void> {
    let seen: readonly SwarmWorker[] = [];
    for (let tries = 0; tries < 300; tries += 1) {
      const response = await fetch(`http://127.0.0.1:${page}/stats/requests`).catch(() => undefined);
      const { workers = [] } = response?.ok ? ((await response.json()) as { workers?: readonly SwarmWorker[] }) : {};
      seen = workers;
      if (isSo(workers.filter(({ state }) => state !== 'missing'))) return;
      await sleep(100);
    }
    assert.fail(`expected ${what}, the master has ${JSON.stringify(seen)}`);
  }

  async function order(users: number): Promise<void> {
    const body = new URLSearchParams({ user_count: String(users), spawn_rate: String(users), host: simulator.url });
    const response = await fetch(`http://127.0.0.1:${page}/swarm`, { method: 'POST', body });
    assert.match(await response.text(), /"success": ?true/);
  }

  it('gives the users of a late, killed or silent worker to the others, and is outlived', async () => {
    const first = startMaster();
    relay = await startRelay(`tcp://127.0.0.1:${port}`, {});
    const one = startWorker(1);
    const silent = startWorker(2, relay.port);
    await counts(0, 0);
    await order(6);
    await counts(3, 3);
    const killed = startWorker(3);
    await counts(2, 2, 2);
    relay.hold(true);
    await counts(3, 3);
    relay.hold(false);
    await present(3);
    // The master has given its users to the others, and takes none back before the next order.
    await order(6);
    await counts(2, 2, 2);
    killed.child.kill('SIGKILL');
    await counts(3, 3);
    first.kill('SIGKILL');
    await once(first, 'close');
    await Promise.all([one.saw('waiting for a Locust master'), silent.saw('waiting for a Locust master')]);
    const second = startMaster();
    await Promise.all([one, silent].map((worker) => worker.saw('the master has come back without this test')));
    await counts(0, 0);
    await order(4);
    await counts(2, 2);
    second.kill('SIGTERM');
    for (const worker of [one, silent]) assert.equal((await worker.ended).code, 0, (await worker.ended).stderr);
    for (const file of ['1.json', '2.json']) {
      assert.equal(folder.summary(file).run.outcome, 'completed', file);
    }
  });
});
