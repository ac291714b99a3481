import assert from 'node:assert/strict';
import { run } from '../../../engine/index.js';
import { testFolder } from '../../support/folder.js';
import { settings } from '../../support/run.js';

describe('the limits of a run', () => {
  const folder = testFolder();
  const aim = settings('http://127.0.0.1:9/v1', { preflight: false, vus: 2, iterations: 2, workers: 2 });

  it('hold in the main thread: the top of the file has to end in time', async () => {
    const file = folder.write('top.js', 'while (true);');
    const { summary } = run(file, aim, 'program', { limits: { evaluation: 100 } });
    await assert.rejects(summary, /the top of the scenario file did not end within 0\.1 s/);
  });

  it('hold in the workers: one that is silent for too long is stopped', async () => {
    const file = folder.write('blocked.js', 'if (__VU === 2) while (true);\nexport default function () {}');
    const { summary } = run(file, aim, 'program', { limits: { silence: 1000 } });
    await assert.rejects(summary, /worker 2 was stopped before the load started: user 2 .* for 1 s/);
  });
});
