import assert from 'node:assert/strict';
import { startTokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { CHATTING } from '../support/scripts.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('Ctrl-C', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  it('drains the first time and exits with 105 and a summary', async () => {
    const scenario = folder.write('drain.ts', CHATTING);
    const out = ['--out', `json=${folder.path}/drain.json`];
    const running = startTokenswarm([
      'run',
      scenario,
      '--base-url',
      simulator.url,
      '--model',
      'sim-ttft300-itl10-len50',
      '-u',
      '3',
      '-d',
      '10m',
      ...out,
    ]);
    await running.saw(/[1-9]\d* req/);
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    assert.equal(code, 105);
    assert.match(stdout, /LATENCY/);
    const { run, requests, metrics } = folder.summary('drain.json');
    assert.equal(run.outcome, 'interrupted');
    assert.equal(requests.censored, 0, 'those in flight were waited for');
    assert.equal(metrics.interrupted_iterations, undefined);
    assert.ok((metrics.iterations?.windows.whole?.count ?? 0) >= 3);
  });

  it('stops at once the second time, still with a summary that counts what was in flight', async () => {
    const scenario = folder.write('abort.ts', CHATTING);
    const out = ['--out', `json=${folder.path}/abort.json`];
    const running = startTokenswarm([
      'run',
      scenario,
      '--base-url',
      simulator.url,
      '--model',
      'sim-ttft10-itl1000-len60',
      '-u',
      '3',
      '-d',
      '10m',
      ...out,
    ]);
    await running.saw(/3 VUs/);
    running.signal('SIGINT');
    await running.saw('again to stop at once');
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    assert.equal(code, 105);
    assert.match(stdout, /3 requests were still in flight/);
    const { requests, metrics } = folder.summary('abort.json');
    assert.equal(requests.censored, 3);
    assert.equal(metrics.llm_requests, undefined);
    assert.equal(metrics.interrupted_iterations?.windows.whole?.count, 3);
  });
});
