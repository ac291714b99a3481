import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from '../../../reporters/log-file.js';
import { testFolder } from '../../support/folder.js';
import { liveRun } from '../../support/live-run.js';

describe('a log file', () => {
  const folder = testFolder();

  it('has its header from the start of the load on', async () => {
    const path = folder.write('requests.csv', '');
    const form = { details: { gaps: false, samples: false }, head: 'kind,time\n', encode: () => '' };
    const log = logFile('requests', path, form);
    await log.onStart?.(liveRun(() => undefined));
    for (let tries = 0; tries < 400 && readFileSync(path, 'utf8') === ''; tries += 1) await sleep(5);
    assert.equal(readFileSync(path, 'utf8'), form.head);
    await log.onLastRecord?.();
  });
});
