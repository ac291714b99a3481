import assert from 'node:assert/strict';
import { earlyStop } from '../../bin/campaign/early-stop.js';
import { run, type Snapshot } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { forkSimulator } from '../support/simulator.js';

describe('a run that cannot meet its objectives any more', () => {
  const folder = testFolder();

  it('is given up after two looks, and its record says why', async function () {
    this.timeout(60_000);
    const simulator = await forkSimulator();
    const file = folder.write(
      'slow.ts',
      `import { chat } from 'tokenswarm'; export default async () => void (await chat({ messages: 'hi' }));`,
    );
    const thresholds = { llm_ttft: ['p(95)<5'], llm_failed: ['rate<0.01'] };
    const running = run(file, settings(simulator.url, { vus: 2, duration: '1m', thresholds }, 'sim-ttft50-itl1-len5'));
    const giveUp = earlyStop(1000);
    let last: Snapshot | undefined;
    for await (const snapshot of running) {
      last = snapshot;
      const reason = giveUp(snapshot, () => running.summaryNow());
      if (reason !== undefined) running.abort(reason);
    }
    simulator.stop();
    const { run: how, windows } = await running.summary;
    assert.deepEqual([how.outcome, how.reason, how.exitCode], ['aborted', 'llm_ttft p(95)<5 is certainly missed', 99]);
    assert.ok(last && how.seconds < 30 && windows.steady, `${how.seconds}`);
  });
});
