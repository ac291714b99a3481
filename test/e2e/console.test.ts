import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { COMMAND } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';

/** Final text of each line of a terminal. A line may be written again after a return to its beginning. */
function linesShown(output: string): string[] {
  return output.split('\n').map((written) => {
    let shown = '';
    for (const part of written.replace(/\r$/, '').split('\r')) {
      const [over = '', erased] = part.split('\u001b[K');
      shown = over + (erased === undefined ? shown.slice(over.length) : erased);
    }
    return shown;
  });
}

describe('what a script prints', () => {
  const folder = testFolder();

  it('stands on lines of its own on a terminal, in order, above the progress', async () => {
    const file = folder.write(
      'printing.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { vus: 2, duration: '3s' };
       export default async function () { console.log('log', __VU, __ITER); console.error('error', __VU, __ITER); await sleep(0.1); }
       export function teardown() { console.info({ torn: 'down' }); }`,
    );
    const command = `${process.execPath} ${COMMAND} run ${file} --workers 2 --dashboard off`;
    // script(1) gives the command a terminal.
    const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], { env: process.env });
    const lines = linesShown(stdout);
    assert.ok(/\r00:01\/00:03 {2}2 VUs/.test(stdout), 'there was progress meanwhile');
    for (const stream of ['log', 'error']) {
      for (const vu of [1, 2]) {
        const own = lines.filter((line) => line.startsWith(`${stream} ${vu} `));
        assert.ok(own.length > 20, `${own.length} lines`);
        assert.deepEqual(
          own,
          own.map((_, iteration) => `${stream} ${vu} ${iteration}`),
        );
      }
    }
    const printed = stdout.match(/(log|error) \d+ \d+/g) ?? [];
    assert.equal(lines.filter((line) => /^(log|error) \d+ \d+$/.test(line)).length, printed.length);
    assert.ok(lines.includes("{ torn: 'down' }"));
  });
});

describe('the globals of Node', () => {
  const folder = testFolder();

  it('are there in a scenario; a timer that is set outlives its iteration', async () => {
    const file = folder.write(
      'globals.ts',
      `import { check, sleep } from 'tokenswarm';
       export const options = { iterations: 3 };
       let ticks = 0, fired = 0;
       export default async function () {
         const ticking = setInterval(() => { ticks += 1; }, 5);
         await new Promise((resolve) => setTimeout(resolve, 40));
         clearInterval(ticking);
         if (__ITER === 0) setTimeout(() => { fired = __ITER; }, 60);
         await sleep('40ms');
         check(0, {
           timers: ticks > 0,
           encoders: new TextEncoder().encode('你').length === 3,
           addresses: new URL('a?b=c', 'http://127.0.0.1').searchParams.get('b') === 'c',
           crypto: crypto.randomUUID().length === 36 && typeof fetch === 'function',
           ...(__ITER === 2 && { 'later in another iteration': fired > 0 }),
         });
       }`,
    );
    const { checks, errors } = await runToEnd(file, settings(undefined));
    assert.deepEqual([errors, checks.length, checks.filter(({ fails }) => fails > 0)], [[], 5, []]);
  });
});
