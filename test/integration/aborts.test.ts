import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { VirtualTime } from '../support/virtual-time.js';

describe('a scenario that aborts the test', () => {
  const folder = testFolder();
  const time = new VirtualTime();

  it('in an iteration or a group ends it with 108, after teardown and with a summary', async () => {
    const file = folder.write(
      'iteration.ts',
      `import { abort, check, group, sleep } from 'tokenswarm';
       export const options = { vus: 3, duration: '1m' };
       export default async function () { await sleep(0.01); if (__VU === 2) group('g', () => abort('enough')); }
       export function teardown() { check(0, { 'torn down': true }); }`,
    );
    const { run, checks, errors } = await time.runToEnd(file, settings(undefined, { workers: 2 }));
    assert.deepEqual([run.exitCode, run.outcome, run.reason], [108, 'aborted', 'enough']);
    assert.deepEqual([checks.map(({ name }) => name), errors], [['torn down'], []]);
  });

  it('in teardown ends with 108 and keeps what was measured', async () => {
    const file = folder.write(
      'teardown.ts',
      `import { abort } from 'tokenswarm';
       export default function () {}
       export function teardown() { abort('cannot be cleaned up'); }`,
    );
    const { run, metrics } = await time.runToEnd(file, settings(undefined));
    assert.deepEqual([run.exitCode, run.outcome, run.reason], [108, 'aborted', 'cannot be cleaned up']);
    assert.equal(metrics.iterations?.values.count, 1);
  });

  const before: readonly [string, string, RegExp][] = [
    ['setup', `export function setup() { abort('no licence'); }`, /error aborted before the load started: no licence/],
    [
      'the top of the file',
      `abort('no licence');`,
      /top\.ts:2:1: no licence\nhint {2}here the scenario aborts the test/,
    ],
    ['the top of the file for one user', `if (__VU === 2) abort('no licence');`, /before the load started: no licence/],
  ];
  for (const [place, code, message] of before) {
    it(`in ${place} ends it with 108 before there is any load`, async () => {
      const done = join(folder.path, 'done');
      const file = folder.write(
        'top.ts',
        `import { abort } from 'tokenswarm'; import { writeFileSync } from 'node:fs';\n${code}
         export const options = { vus: 2, duration: '1m' };
         export default function () { writeFileSync('${done}', ''); }`,
      );
      const { code: exitCode, stderr } = await tokenswarm(['run', file, '--workers', '2']);
      assert.equal(exitCode, 108, stderr);
      assert.match(stderr, message);
      assert.ok(!existsSync(done));
    });
  }

  it('ends `try` with 108 as well', async () => {
    const file = folder.write('try.ts', `import { abort } from 'tokenswarm';\nexport default () => abort('enough');`);
    const { code, stderr } = await tokenswarm(['try', file]);
    assert.equal(code, 108);
    assert.match(stderr, /try\.ts:2:22: enough/);
  });
});

describe('a scenario that marks the test as failed', () => {
  const folder = testFolder();
  const time = new VirtualTime();

  it('runs to the end and exits with 110 and the first reason', async () => {
    const file = folder.write(
      'marked.ts',
      `import { exec } from 'tokenswarm';
       export const options = { vus: 2, iterations: 8 };
       export default function () { exec.test.fail('wrong answers'); }`,
    );
    const out = `json=${folder.path}/marked.json`;
    const { code, stdout } = await tokenswarm(['run', file, '--workers', '2', '--out', out]);
    assert.equal(code, 110);
    assert.match(stdout, /✗ Marked as failed: wrong answers/);
    const { run, metrics, errors } = folder.summary('marked.json');
    assert.deepEqual([run.exitCode, run.outcome, run.reason, errors], [110, 'completed', 'wrong answers', []]);
    assert.equal(metrics.iterations?.values.count, 8);
  });

  it('may do so in setup and teardown; an early end takes precedence', async () => {
    const end = (code: string) =>
      `import { abort, exec } from 'tokenswarm'; export default function () { ${code} }
       export function setup() { exec.test.fail(); }`;
    const marked = await time.runToEnd(folder.write('setup.ts', end('')), settings(undefined));
    assert.deepEqual([marked.run.exitCode, marked.run.reason], [110, 'the scenario marked the test as failed']);
    const aborted = await time.runToEnd(folder.write('both.ts', end(`abort('enough');`)), settings(undefined));
    assert.deepEqual([aborted.run.exitCode, aborted.run.reason], [108, 'enough']);
  });
});
