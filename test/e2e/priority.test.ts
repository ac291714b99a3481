import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { spawnTokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';

/**
 * Nice values of a process's threads, the main thread's first. See proc(5): it is field 19 of stat, and the second may
 * have blanks.
 */
function nicenessOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`).sort((a, b) => Number(b === `${pid}`) - Number(a === `${pid}`));
  return threads.map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

describe('the priority of threads', () => {
  const folder = testFolder();

  it('is low for the main thread alone while there is load', async function () {
    if (process.platform !== 'linux') this.skip();
    const own = nicenessOf(process.pid)[0] ?? 0;
    if (own >= 10) this.skip();
    // Where others crowd the machine it keeps its priority, for it would hardly run.
    if ((loadavg()[0] ?? 0) > availableParallelism() / 2) this.skip();
    const file = folder.write('wait.ts', `import { sleep } from 'tokenswarm'; export default () => sleep(1);`);
    const running = spawnTokenswarm(['run', file, '--vus', '2', '--duration', '4s', '--workers', '2']);
    await running.saw(/00:0[23]/);
    const [main, ...others] = nicenessOf(running.child.pid ?? 0);
    assert.equal(main, 10);
    assert.deepEqual(new Set(others), new Set([own]));
    assert.equal((await running.ended).code, 0);
  });
});
