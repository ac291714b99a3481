import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../engine/index.js';
import { run } from '../../engine/run/index.js';
import { mergeShares } from '../../engine/swarm/merge.js';
import { summaryJson } from '../../reporters/json.js';
import { startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { shareFile } from '../support/records.js';
import { settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const SCENARIO = `
import { chat, check, exec } from 'tokenswarm';
export const options = {
  scenarios: { a: { executor: 'per-vu-iterations', vus: 9, iterations: 4 } },
  thresholds: { llm_requests: ['count>=36'], llm_ttft: ['p(95)<60000'] },
};
export function setup() { console.log('set up'); return { token: 7 }; }
export default async function (data) {
  const answer = await chat({ messages: String(exec.scenario.iterationInTest) });
  check(answer, { 'has the data of setup': () => data.token === 7 });
}
export function teardown() { console.log('torn down'); }
`;

describe('shares of one run', function () {
  this.timeout(60_000);
  const folder = testFolder();
  let simulator: Simulator;
  const at = (name: string) => join(folder.path, name);

  before(async () => {
    simulator = await sharedSimulator();
    folder.write('load.ts', SCENARIO);
  });

  function start(share: string, more: object = {}) {
    return run(at('load.ts'), settings(simulator.url, { share, startTogether: at('meeting'), workers: 1, ...more }));
  }

  it('meet, set up once, start together, and are merged into one verdict', async () => {
    const running = ['1/3', '2/3', '3/3'].map((share) => start(share));
    const records = await Promise.all(running.map(({ summary }) => summary));
    assert.deepEqual(
      records.map((record) => record.metrics.iterations?.windows.whole?.count),
      [12, 12, 12],
    );
    const starts = records.map((record) => Date.parse(record.run.startedAt) - (record.run.share?.clockOffset ?? 0));
    assert.ok(Math.max(...starts) - Math.min(...starts) <= 50, `${starts}`);
    // Each has a third of the requests that the threshold asks for.
    assert.deepEqual(
      records.map((record) => record.run.exitCode),
      [99, 99, 99],
    );
    for (const [n, record] of records.entries()) writeFileSync(at(`${n + 1}.json`), summaryJson(record));
    const merged = await tokenswarm(['merge', '1.json', '2.json', '3.json', '--out', 'json=merged.json'], {
      cwd: folder.path,
    });
    assert.equal(merged.code, 0, merged.stderr);
    assert.match(merged.stdout, /3 workers on 3 machines/);
    const whole = JSON.parse(readFileSync(at('merged.json'), 'utf8')) as Summary;
    assert.equal(whole.metrics.llm_requests?.windows.whole?.count, 36);
    assert.equal(whole.plan.maxVus, 9);
    assert.deepEqual(
      whole.checks.map(({ passes, fails }) => [passes, fails]),
      [[36, 0]],
    );
    assert.equal(whole.samples, undefined);
    // Its reports can be written again, as those of any run.
    const report = await tokenswarm(['report', 'merged.json', '--out', 'html=merged.html'], { cwd: folder.path });
    assert.equal(report.code, 0, report.stderr);
    assert.match(readFileSync(at('merged.html'), 'utf8'), /share 3/);
  });

  it('join a share that was killed by its journal', async () => {
    const running = ['1/2', '2/2'].map((share) => start(share, { startTogether: at('killed') }));
    const so: Summary[] = [];
    for await (const _ of running[1] ?? []) {
      const record = running[1]?.summaryNow();
      if (record) so[0] = record;
    }
    const [first] = await Promise.all(running.map(({ summary }) => summary));
    assert.ok(first && so[0]);
    assert.equal(so[0].run.outcome, 'running');
    const merged = await mergeShares([shareFile('1.json', first), shareFile('2.journal', so[0])]);
    const [all, own, killed] = [merged, first, so[0]].map(
      (record) => record.metrics.llm_requests?.windows.whole?.count,
    );
    assert.equal(all, (own ?? 0) + (killed ?? 0));
  });

  it('end together where one fails before the start', async () => {
    folder.write('fails.ts', SCENARIO.replace("console.log('set up');", "throw new Error('no token');"));
    const shares = ['1/2', '2/2'].map((share) => {
      const given = settings(simulator.url, { share, startTogether: at('failing'), workers: 1 });
      return run(at('fails.ts'), given).summary.then(
        () => 'ended',
        (error: Error) => error.message,
      );
    });
    const [first, second] = await Promise.all(shares);
    assert.match(first ?? '', /no token/);
    assert.match(second ?? '', /share 1 on \S+ ended before the load started/);
  });

  it('wait for their instant no longer than the user does', async () => {
    const startAt = new Date(Date.now() + 3_600_000).toISOString();
    const running = startTokenswarm(
      ['run', 'load.ts', '--base-url', `${simulator.url}/v1`, '--share', '1/2', '--start-at', startAt],
      { cwd: folder.path },
    );
    await running.saw(`waiting until ${startAt}, for 3`);
    running.signal('SIGINT');
    const { code, stderr } = await running.ended;
    assert.equal(code, 105, stderr);
    assert.match(stderr, /stopped by the user before the load started/);
  });

  it('are read from the newer of a record and a journal, since a journal goes with the end of its run', async () => {
    const read = async (newer: 'json' | 'journal') => {
      for (const kind of ['json', 'journal']) {
        const file = folder.write(`both/1.${kind}`, '');
        utimesSync(file, 1e9, kind === newer ? 1e9 + 5 : 1e9);
      }
      const { code, stderr } = await tokenswarm(['merge', 'both'], { cwd: folder.path });
      assert.equal(code, 104);
      return stderr;
    };
    assert.match(await read('journal'), /^error both\/1\.journal: /);
    assert.match(await read('json'), /^error both\/1\.json: /);
  });
});
