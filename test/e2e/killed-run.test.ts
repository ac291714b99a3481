import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../../engine/index.js';
import { FORMATS } from '../../reporters/formats.js';
import { spawnTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('a run that is killed', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let scenario = '';

  before(async () => {
    simulator = await sharedSimulator();
    scenario = folder.write(
      'chat.ts',
      `import { chat } from 'tokenswarm';
       export default async function () { await chat({ messages: 'why?' }); }`,
    );
  });
  it('leaves a journal that gives every report, marked as partial', async function () {
    this.timeout(60_000);
    const target = ['--base-url', simulator.url, '--model', 'sim-ttft20-itl2-len10'];
    const out = ['--out', `json=${join(folder.path, 'killed', 'run.json')}`];
    const running = spawnTokenswarm(['run', scenario, ...target, '-u', '2', '-d', '1m', '--quiet', ...out]);
    const journal = join(folder.path, 'killed', 'run.journal');
    const secondsKept = async () => (existsSync(journal) ? (await readRecord(journal)).run.seconds : -1);
    // There from the beginning, and written again once a period.
    for (const least of [0, 0.5, 8.5]) {
      for (let tries = 0; (await secondsKept()) < least; tries += 1) {
        assert.ok(tries < 100, `no journal of ${least} s after 25 s`);
        await sleep(250);
      }
    }
    running.child.kill('SIGKILL');
    await running.ended;
    assert.deepEqual(readdirSync(join(folder.path, 'killed')), ['run.journal']);
    const outs = FORMATS.filter(({ open }) => !open).flatMap(({ name }) => [
      '--out',
      `${name}=${folder.path}/again/${name}`,
    ]);
    const { code, stdout, stderr } = await tokenswarm(['report', journal, '--summary', 'text', ...outs]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Interrupted: the run was killed or is still running/);
    assert.match(stdout, /missing: everything later than \d/);
    const { run, metrics, quality, intervals } = folder.summary('again/json');
    assert.ok(run.seconds >= 8.5, `${run.seconds} s of at least 10 are kept`);
    assert.equal(run.missing.length, 1);
    assert.notEqual(quality.verdict, 'valid');
    assert.ok((metrics.llm_requests?.windows.whole?.count ?? 0) > 50);
    assert.ok(intervals.length >= 8);
    assert.ok(readdirSync(join(folder.path, 'again')).length >= outs.length / 2);
  });
});
