import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND, spawnTokenswarm, startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { freePort, isAnswered } from '../support/port.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** As many requests as its users have iterations; with HOLD so long. */
const SCENARIO = `
import { chat } from 'tokenswarm';
const vus = Number(__ENV.N ?? 1);
export const options = { ...(__ENV.HOLD ? { vus, duration: __ENV.HOLD } : { vus, iterations: 4 * vus }) };
export default async function () { await chat({ messages: 'hi' }); }
`;

/** Command lines of all processes. */
function commandLines(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() : [];
    } catch {
      return [];
    }
  });
}

const MODEL = ['--model', 'sim-ttft5-itl1-len5'];

describe('tokenswarm sweep with a server of its own', function () {
  this.timeout(60_000);
  const folder = testFolder();
  let simulator: Simulator;
  const at = (name: string) => join(folder.path, name);
  const sweep = (...args: readonly string[]) => tokenswarm(['sweep', 'users.ts', ...args], { cwd: folder.path });

  before(async () => {
    simulator = await sharedSimulator();
    folder.write('users.ts', SCENARIO);
  });

  /** Says what it was started with, and serves after a while. */
  const serve = (port: number, more = '') =>
    `echo "begun with ${more}"; exec ${process.execPath} ${COMMAND} simulate --port ${port}`;

  it('starts it once for each setting that its command names, and stops it', async () => {
    const port = await freePort();
    const args = ['--vary', 'N=1,2', '--vary', 'TP=1,2', '--out', 'served', ...MODEL];
    const { code, stdout, stderr } = await sweep(...args, '--server', serve(port, 'TP={TP}'));
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /nothing in the scenario reads it/, 'TP is for the server');
    assert.match(stderr, new RegExp(`^no --base-url was given: http://127\\.0\\.0\\.1:${port}/v1 is assumed`));
    assert.deepEqual(stderr.match(/^(▶ \d of 4: \S+(?=,)|starting)/gm), [
      '▶ 1 of 4: N=1,TP=1',
      'starting',
      '▶ 2 of 4: N=2,TP=1',
      '▶ 3 of 4: N=1,TP=2',
      'starting',
      '▶ 4 of 4: N=2,TP=2',
    ]);
    for (const TP of [1, 2]) {
      assert.match(readFileSync(at(`served/TP=${TP}.server.log`), 'utf8'), new RegExp(`\\nbegun with TP=${TP}\\n`));
      assert.equal(folder.summary(`served/N=2,TP=${TP}.json`).run.labels.tp, String(TP));
    }
    assert.match(stdout, /█ LEVELS {2}TP=1\n[\s\S]*█ LEVELS {2}TP=2\n/);
    assert.equal(await isAnswered(port), false);
  });

  it('tells of one that ends too early, does not answer, or is not alone, and goes on with the next setting', async () => {
    const port = await freePort();
    const args = ['--vary', 'N=1', '--vary', 'TP=1,2', '--base-url', `http://127.0.0.1:${port}`, ...MODEL];
    const command = `if [ {TP} = 1 ]; then echo 'CUDA out of memory'; exit 3; fi; ${serve(port)}`;
    const early = await sweep(...args, '--out', 'early', '--server', command);
    assert.equal(early.code, 104);
    assert.match(
      early.stderr,
      /^error --server: the server ended before it was ready \(exit code 3\)\n {6}CUDA out of memory$/m,
    );
    assert.match(early.stderr, /^1 of 2 runs are done and kept in early; the same command runs the others$/m);
    assert.match(early.stdout, /✗ N=1,TP=1 failed: the server ended before it was ready/);
    assert.ok(existsSync(at('early/N=1,TP=2.json')));

    const one = ['--vary', 'N=1', '--out', 'late', '--base-url', `http://127.0.0.1:${port}`];
    const late = await sweep(...one, '--server', 'echo loading; sleep 60', '--server-timeout', '1s');
    assert.equal(late.code, 104);
    assert.match(late.stderr, /^error --server: http:\/\/\S+\/v1 did not answer within 1 s$/m);

    const taken = await sweep('--vary', 'N=1', '--out', 'taken', '--base-url', simulator.url, '--server', 'sleep 60');
    assert.equal(taken.code, 104);
    assert.match(taken.stderr, /^error --server: \S+ is in use by another server$/m);
  });

  it('obeys Ctrl-C while it waits for its server, and leaves none behind', async () => {
    const port = await freePort();
    const slow = `echo loading > loading; sleep 71; ${serve(port)}`;
    const running = startTokenswarm(
      ['sweep', 'users.ts', '--vary', 'N=1,2', '--out', 'waiting', ...MODEL, '--server', slow],
      {
        cwd: folder.path,
      },
    );
    await running.saw('starting');
    while (!existsSync(at('loading'))) await new Promise((resolve) => setTimeout(resolve, 20));
    running.signal('SIGINT');
    const asked = Date.now();
    const { code, stderr } = await running.ended;
    assert.equal(code, 105, stderr);
    assert.ok(Date.now() - asked < 10_000, `${Date.now() - asked} ms`);
    assert.match(stderr, /^0 of 2 runs are done and kept in waiting; the same command runs the others$/m);
    // The guard ends the server's group; a busy machine needs a moment for it.
    const left = () => commandLines().filter((line) => line === 'sleep 71');
    for (let i = 0; i < 100 && left().length > 0; i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(left(), []);
  });

  it('leaves none behind when it is killed, and goes on where it was', async () => {
    const port = await freePort();
    const args = ['sweep', 'users.ts', '--vary', 'N=1,2', '--out', 'killed', ...MODEL, '--server', serve(port)];
    // HOLD comes from the environment: the command is the same.
    const first = spawnTokenswarm(args, { cwd: folder.path, env: { HOLD: '1s' } });
    await first.saw('▶ 2 of 2');
    await first.saw(/N=2[\s\S]*VUs/);
    assert.equal(await isAnswered(port), true);
    first.child.kill('SIGKILL');
    await first.ended;
    while (await isAnswered(port)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([existsSync(at('killed/N=1.json')), existsSync(at('killed/N=2.json'))], [true, false]);

    const second = startTokenswarm(args, { cwd: folder.path, env: { HOLD: '60s' } });
    await second.saw(/N=2[\s\S]*VUs/);
    second.signal('SIGINT');
    const interrupted = await second.ended;
    assert.equal(interrupted.code, 105);
    assert.match(interrupted.stderr, /^1 of 2 runs are in killed already/m);
    assert.match(interrupted.stderr, /^1 of 2 runs are done and kept in killed; the same command runs the others$/m);
    assert.match(interrupted.stdout, /✗ N=2 interrupted: stopped by the user/);
    assert.deepEqual([existsSync(at('killed/N=2.journal')), existsSync(at('killed/N=2.json'))], [true, false]);
    assert.equal(await isAnswered(port), false);

    const third = await tokenswarm(args, { cwd: folder.path });
    assert.equal(third.code, 0, third.stderr);
    assert.deepEqual([existsSync(at('killed/N=2.journal')), existsSync(at('killed/N=2.json'))], [false, true]);
  });

  it('counts no run during which the server went down', async () => {
    const port = await freePort();
    const crash = "echo 'Segmentation fault'; kill $!; exit 9";
    const command = `${process.execPath} ${COMMAND} simulate --port ${port} & until [ -e crash ]; do sleep 0.05; done; ${crash}`;
    const running = startTokenswarm(
      ['sweep', 'users.ts', '--vary', 'N=1', '--out', 'down', ...MODEL, '--server', command],
      { cwd: folder.path, env: { HOLD: '4s' } },
    );
    await running.saw(/ 1 VU /);
    folder.write('crash', '');
    const { code, stderr } = await running.ended;
    assert.equal(code, 107);
    assert.match(stderr, /^error N=1: the server ended \(exit code 9\)\n[\s\S]*Segmentation fault$/m);
    assert.deepEqual([existsSync(at('down/N=1.journal')), existsSync(at('down/N=1.json'))], [true, false]);
  });
});
