import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../engine/index.js';
import { firstLine, recordInJournal } from '../../engine/results/journal.js';
import { asRecorded, roundedJson } from '../../reporters/json.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('the journal of a run', () => {
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
  it('holds at every moment what the record so far does', async () => {
    const running = run(scenario, settings(simulator.url, { vus: 3, duration: '4s' }));
    const lines: string[] = [];
    for await (const { elapsed } of running) {
      const change = running.changeOfSummary(lines.length === 0);
      const record = running.summaryNow();
      if (!change || !record) continue;
      lines.push(roundedJson(lines.length === 0 ? firstLine(change) : change));
      const held = recordInJournal('run.journal', `${lines.join('\n')}\n`);
      assert.deepEqual(held, asRecorded(record), `after ${elapsed} ms`);
    }
    assert.ok(lines.length >= 4, `${lines.length} lines`);
  });

  it('is gone once the reports are written, and holds the whole record where they cannot be', async () => {
    const target = ['--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5'];
    const limits = { journalPeriod: 200 };
    const args = ['run', scenario, ...target, '-u', '1', '-d', '2s', '--quiet', '--out', 'json=/dev/full'];
    const written = await tokenswarm([...args.slice(0, -2), '--out', `json=${folder.path}/whole/run.json`], { limits });
    assert.equal(written.code, 0, written.stderr);
    assert.deepEqual(readdirSync(join(folder.path, 'whole')), ['run.json']);

    const lost = await tokenswarm([...args, '--out', `json=${folder.path}/lost/run.json`], { limits });
    assert.equal(lost.code, 104);
    const record = JSON.parse(readFileSync(join(folder.path, 'lost', 'run.journal'), 'utf8'));
    assert.equal(record.run.outcome, 'completed');
  });
});
