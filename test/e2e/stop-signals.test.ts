import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { spawnTokenswarm, startTokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { forkSimulator, type SimulatorChild } from '../support/simulator.js';

const SCENARIO = `import { chat } from 'tokenswarm';
export const options = { vus: 2, duration: '60s', setupTimeout: '60s' };
export async function setup() { if (__ENV.STUCK === 'setup') await new Promise((go) => setTimeout(go, 50_000)); }
export default () => chat({ messages: 'hi', maxTokens: 5 });
export function teardown() { console.log('torn down'); }
export async function handleSummary() { if (__ENV.STUCK === 'summary') await new Promise((go) => setTimeout(go, 50_000)); return {}; }
`;

describe('a run that is asked to stop', function () {
  this.timeout(60_000);
  const folder = testFolder();
  let simulator: SimulatorChild;
  let file: string;
  const args = (...more: readonly string[]) => [
    ...['run', file, '--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5', ...more],
  ];

  before(async () => {
    simulator = await forkSimulator();
    file = folder.write('scenario.ts', SCENARIO);
  });

  after(() => simulator.stop());

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    it(`by ${signal} ends with its teardown and its reports`, async () => {
      const out = join(folder.path, `${signal}.json`);
      const run = spawnTokenswarm(args('--out', `json=${out}`));
      await run.saw(/[1-9]\d* req/);
      // There from the first second on, in case that nothing else will be.
      assert.ok(existsSync(join(folder.path, `${signal}.journal`)));
      run.signal(signal);
      const { code, stdout, stderr } = await run.ended;
      assert.equal(code, 105, stderr);
      assert.match(stdout + stderr, /torn down/);
      assert.equal(folder.summary(`${signal}.json`).run.outcome, 'interrupted');
    });
  }

  it('obeys while the server says nothing to the preflight', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const asked = new Promise((resolve) => mute.once('connection', resolve));
    const { port } = mute.address() as AddressInfo;
    const run = spawnTokenswarm(['run', file, '--base-url', `http://127.0.0.1:${port}/v1`]);
    await asked;
    run.signal('SIGINT');
    const { code, stderr } = await run.ended;
    assert.equal(code, 105);
    assert.match(stderr, /stopped by the user before the load started/);
    mute.close();
  });

  it('obeys while the program is still loading', async () => {
    const hooks = folder.write(
      'hooks.mjs',
      `export async function resolve(name, context, next) {
        if (!/\\/cli-\\w+\\.js$/.test(name)) return next(name, context);
        process.kill(process.pid, 'SIGINT');
        await new Promise((go) => setTimeout(go, 500));
        return next(name, context);
      }`,
    );
    const loader = folder.write(
      'loader.mjs',
      `import { register } from 'node:module'; register(${JSON.stringify(hooks)}, 'file:///');`,
    );
    const { code, stderr } = await spawnTokenswarm(args(), { env: { NODE_OPTIONS: `--import=${loader}` } }).ended;
    assert.equal(code, 105, stderr);
    assert.match(stderr, /stopped by the user before the load started/);
  });

  it('obeys while setup takes its time', async () => {
    const run = startTokenswarm(args('-e', 'STUCK=setup'));
    setTimeout(() => run.signal('SIGINT'), 3000);
    const { code, stderr } = await run.ended;
    assert.equal(code, 105);
    assert.match(stderr, /stopped by the user before the load started/);
  });

  it('obeys while handleSummary takes its time, and prints the summary', async () => {
    const run = startTokenswarm(args('-e', 'STUCK=summary', '-i', '2', '-q'));
    setTimeout(() => run.signal('SIGINT'), 5000);
    const { code, stdout, stderr } = await run.ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /THROUGHPUT/);
    assert.match(stderr, /handleSummary/);
  });
});
