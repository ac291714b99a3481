import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support/command.js';
import { runToEnd, settings } from './support/run.js';
import { forkSimulator, type SimulatorChild } from './support/simulator.js';

describe('the scenarios that are shipped', () => {
  let simulator: SimulatorChild;

  before(async () => {
    simulator = await forkSimulator();
  });

  after(() => simulator.stop());

  for (const name of readdirSync(join(ROOT, 'scenarios')).filter((file) => file.endsWith('.ts'))) {
    it(`${name} runs, and its requests succeed`, async () => {
      const load = { vus: 2, iterations: 4 };
      const summary = await runToEnd(join(ROOT, 'scenarios', name), settings(simulator.url, load));
      assert.deepEqual([summary.run.outcome, summary.errors, summary.failures], ['completed', [], []]);
      assert.ok((summary.metrics.llm_requests?.values.count ?? 0) >= 4);
      assert.ok(summary.checks.length > 0 && summary.checks.every(({ fails }) => fails === 0));
    });
  }

  it('a run of 64 users on an idle machine is not called into question', async function () {
    this.timeout(60_000);
    this.retries(2);
    const env = { USERS: '64', RAMP: '2s', HOLD: '12s' };
    const summary = await runToEnd(join(ROOT, 'scenarios/peak-users.ts'), settings(simulator.url, { env }, 'sim'));
    assert.deepEqual([summary.quality.verdict, summary.quality.reasons], ['valid', []]);
    assert.equal(summary.run.exitCode, 0);
    assert.equal(summary.metrics.vus?.values.max, 64);
  });

  it('a run of a thousand users works', async function () {
    this.timeout(60_000);
    const load = { vus: 1000, iterations: 2000 };
    const given = settings(simulator.url, { ...load, workers: 2 }, 'sim-ttft20-itl10-len5');
    const summary = await runToEnd(join(ROOT, 'scenarios/quickstart.ts'), given);
    assert.deepEqual([summary.run.outcome, summary.failures, summary.errors], ['completed', [], []]);
    assert.equal(summary.metrics.llm_requests?.values.count, 2000);
    assert.equal(summary.metrics.llm_output_tokens?.values.count, 10_000);
    assert.equal(summary.metrics.iterations?.values.count, 2000);
  });
});
