import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ROOT } from '../support/command.js';
import { isDisturbed, reasonsBeyondSlowness, runToEnd, settings } from '../support/run.js';
import { sharedSimulator } from '../support/simulator.js';

describe('the scenarios that are shipped', () => {
  it('a run of 64 users on an idle machine is not called into question', async function () {
    this.timeout(60_000);
    const { url } = await sharedSimulator();
    const env = { PEAK_USERS: '64', RAMP: '2s', HOLD: '12s', THINK: '1s' };
    const summary = await runToEnd(join(ROOT, 'scenarios/throughput.ts'), settings(url, { env }, 'sim'));
    assert.equal(summary.run.exitCode, 0);
    assert.equal(summary.metrics.vus?.values.max, 64);
    if (isDisturbed(summary)) this.skip();
    assert.deepEqual(reasonsBeyondSlowness(summary), []);
    assert.notEqual(summary.quality.verdict, 'invalid');
  });
});
