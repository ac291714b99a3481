import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { livingOf } from '../../bin/campaign/process-group.js';
import { tailOf } from '../../bin/campaign/server-log.js';
import { startServer } from '../../bin/campaign/server-process.js';
import { ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';

const HERE = { io: { env: process.env, cwd: ROOT }, keys: ['sk-of-the-server-1'] };

describe('a server under test', () => {
  const folder = testFolder();

  /**
   * Server that ignores SIGTERM, with a child and a detached grandchild. The grandchild has left the server's process
   * group.
   */
  const STUBBORN = `trap '' TERM; sh -c "setsid sleep 61 & sleep 62" & sleep 63 & while :; do sleep 1; done`;

  /** Waits until the log of a server has this in it. */
  async function logged(log: string, text: string): Promise<void> {
    while (!readFileSync(log, 'utf8').includes(`\n${text}\n`)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** The processes that sleep for one of these whole numbers of seconds. */
  function sleepers(): readonly string[] {
    const command = (pid: number) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      } catch {
        return '';
      }
    };
    const everybody = livingOf(-1, `TEST_OF_SERVERS=${process.pid}`);
    return everybody.map(command).filter((text) => text.startsWith('sleep 6'));
  }

  before(function () {
    // Without /proc nobody knows of who has left.
    if (process.platform !== 'linux') this.skip();
    process.env.TEST_OF_SERVERS = String(process.pid);
  });

  after(() => {
    delete process.env.TEST_OF_SERVERS;
  });

  /** Waits until all three have begun. */
  async function begun(): Promise<void> {
    while (sleepers().length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it('is ended with all its children, however stubborn', async () => {
    const server = startServer(STUBBORN, join(folder.path, 'stubborn.log'), HERE, 300);
    try {
      await begun();
      assert.equal(server.ended, undefined);
    } finally {
      await server.stop();
    }
    assert.deepEqual(sleepers(), []);
  });

  it('is asked first, and given time', async () => {
    const log = join(folder.path, 'polite.log');
    const server = startServer(
      `trap 'sleep 0.2; echo bye; exit 4' TERM; echo ready; while :; do sleep 0.05; done`,
      log,
      HERE,
      9000,
    );
    await logged(log, 'ready');
    await server.stop();
    assert.match(readFileSync(log, 'utf8'), /\nbye\n$/);
  });

  it('is ended when its guard is killed', async () => {
    const log = join(folder.path, 'unguarded.log');
    const server = startServer(`echo guard $PPID; ${STUBBORN}`, log, HERE, 300);
    await begun();
    const [, guard] = /^guard (\d+)$/m.exec(readFileSync(log, 'utf8')) ?? [];
    process.kill(Number(guard), 'SIGKILL');
    await server.ending;
    assert.equal(server.ended, 'with its supervisor');
    await server.stop();
    // But for who has left the group; and nobody is killed at once.
    while (sleepers().some((text) => text !== 'sleep 61')) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('leaves no key in its log, also when its owner is killed', async () => {
    const log = join(folder.path, 'keys.log');
    const owner = folder.write(
      'owner.mjs',
      `import { startServer } from ${JSON.stringify(new URL('../../bin/campaign/server-process.js', import.meta.url))};
       const command = 'echo got sk-of-the-server-1; echo ready; while :; do sleep 0.05; done';
       startServer(command, ${JSON.stringify(log)}, ${JSON.stringify({ ...HERE, io: { env: {}, cwd: ROOT } })}, 300);`,
    );
    const child = spawn(process.execPath, [owner], { stdio: 'ignore' });
    while (!statSync(log, { throwIfNoEntry: false })?.size) await new Promise((resolve) => setTimeout(resolve, 20));
    await logged(log, 'ready');
    assert.equal(statSync(log).mode & 0o077, 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await logged(log, 'got ***');
    assert.doesNotMatch(readFileSync(log, 'utf8'), /sk-of/);
  });

  it('says how it ended, and what it said last', async () => {
    const log = folder.write('ended.log', '--- 2026-01-01 before\nof another time\n');
    const server = startServer('echo --api-key x; for i in $(seq 20); do echo line $i; done; exit 7', log, HERE);
    await server.ending;
    await server.stop();
    assert.equal(server.ended, 'exit code 7');
    assert.equal(tailOf(log).match(/\n/g)?.length, 15);
    assert.match(tailOf(log), /^\nline 6\n[\s\S]*\nline 20$/);
    assert.match(readFileSync(log, 'utf8'), /\n--- \S+ echo --api-key \*\*\* for/);
  });
});
