import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tryOnce } from '../engine/index.js';
import { ROOT } from './support/command.js';
import { startHttpServer } from './support/http-server.js';
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
      const load = { vus: 2, iterations: 4, env: { TURNS: '2' } };
      const summary = await runToEnd(join(ROOT, 'scenarios', name), settings(simulator.url, load));
      assert.deepEqual([summary.run.outcome, summary.errors, summary.failures], ['completed', [], []]);
      assert.ok((summary.metrics.llm_requests?.values.count ?? 0) >= 4);
      assert.ok(summary.checks.length > 0 && summary.checks.every(({ fails }) => fails === 0));
    });
  }

  it('arrival-rate.ts starts what arrives by its own rate, and nothing else', async () => {
    const env = { RATE: '20', DURATION: '2s' };
    const given = settings(simulator.url, { env }, 'sim-ttft5-itl1-len5');
    const summary = await runToEnd(join(ROOT, 'scenarios/arrival-rate.ts'), given);
    const { iterations, dropped_iterations: dropped } = summary.metrics;
    const arrived = (iterations?.windows.whole?.count ?? 0) + (dropped?.windows.whole?.count ?? 0);
    // Poisson of this seed: 40 give or take a few.
    assert.ok(arrived > 20 && arrived < 60, `${arrived} arrivals`);
    assert.deepEqual(summary.plan.scenarios[0]?.executor, 'constant-arrival-rate');
  });

  it('conversation.ts sends in each turn what was said before', async () => {
    const given = settings(simulator.url, { vus: 1, iterations: 1, env: { TURNS: '3' } });
    const { requests } = await tryOnce(join(ROOT, 'scenarios/conversation.ts'), given);
    assert.equal(requests.length, 3);
    const tokens = requests.map(({ exchange }) => exchange.usage?.inputTokens ?? 0);
    assert.deepEqual(
      tokens,
      [...new Set(tokens)].toSorted((a, b) => a - b),
      'prompts grow',
    );
  });

  for (const api of ['chat', 'responses', 'anthropic']) {
    it(`tools.ts speaks ${api}`, async () => {
      const given = settings(simulator.url, { vus: 1, iterations: 2, env: { API: api } });
      const summary = await runToEnd(join(ROOT, 'scenarios/tools.ts'), given);
      assert.deepEqual([summary.errors, summary.failures], [[], []]);
      assert.equal(summary.metrics.llm_requests?.values.count, 4);
      assert.equal(summary.checks.length, 2);
      assert.ok(summary.checks.every(({ fails }) => fails === 0));
    });
  }

  it('rag.ts asks the vector store that it is given', async () => {
    const store = await startHttpServer();
    try {
      const given = settings(simulator.url, { vus: 1, iterations: 2, env: { STORE: `${store.url}/anything/search` } });
      const summary = await runToEnd(join(ROOT, 'scenarios/rag.ts'), given);
      assert.deepEqual([summary.errors, summary.failures, summary.run.exitCode], [[], [], 0]);
      assert.deepEqual(store.seen, ['POST /anything/search', 'POST /anything/search']);
    } finally {
      await store.close();
    }
  });

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
