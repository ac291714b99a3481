import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine, recordInJournal } from '../../engine/results/journal.js';
import { asRecorded, roundedJson } from '../../reporters/json.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { virtualTime } from '../support/virtual-time.js';

describe('the journal of a run', () => {
  const folder = testFolder();
  const time = virtualTime();
  let scenario = '';

  before(async () => {
    scenario = folder.write(
      'chat.ts',
      `import { chat } from 'tokenswarm';
       export default async function () { await chat({ messages: 'why?' }); }`,
    );
  });
  it('holds at every moment what the record so far does', async () => {
    const lines: string[] = [];
    await time.runToEnd(
      scenario,
      settings(time.url, { vus: 3, duration: '4s' }, 'sim-ttft50-itl10-len5'),
      ({ elapsed }, running) => {
        const change = running.changeOfSummary(lines.length === 0);
        const record = running.summaryNow();
        if (!change || !record) return;
        lines.push(roundedJson(lines.length === 0 ? firstLine(change) : change));
        const held = recordInJournal('run.journal', `${lines.join('\n')}\n`);
        assert.deepEqual(held, asRecorded(record), `after ${elapsed} ms`);
      },
    );
    assert.ok(lines.length >= 4, `${lines.length} lines`);
  });

  it('is gone once the reports are written, and holds the whole record where they cannot be', async () => {
    const target = ['--base-url', time.url, '--model', 'sim-ttft50-itl10-len5'];
    const limits = { journalPeriod: 200 };
    const args = ['run', scenario, ...target, '-u', '1', '-d', '2s', '--quiet', '--out', 'json=/dev/full'];
    const written = await tokenswarm([...args.slice(0, -2), '--out', `json=${folder.path}/whole/run.json`], {
      limits,
      time,
    });
    assert.equal(written.code, 0, written.stderr);
    assert.deepEqual(readdirSync(join(folder.path, 'whole')), ['run.json']);

    const lost = await tokenswarm([...args, '--out', `json=${folder.path}/lost/run.json`], { limits, time });
    assert.equal(lost.code, 104);
    const record = JSON.parse(readFileSync(join(folder.path, 'lost', 'run.journal'), 'utf8'));
    assert.equal(record.run.outcome, 'completed');
  });
});
