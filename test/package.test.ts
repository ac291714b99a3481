import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './support/command.js';
import { testFolder } from './support/folder.js';

const execute = promisify(execFile);

/** A scenario that uses what the package exports, and one that an editor has to mark. */
const GOOD = `import { chat, check, http, type Options, peakUsers } from 'tokenswarm';
export const options = { scenarios: { a: peakUsers(2, { ramp: '1s', hold: '1s' }) } } satisfies Options;
export default async function () {
  const answer = await chat({ messages: 'hi', slo: { ttft: 500 } });
  const pages: http.Response<'binary'> = await http.get('/x', { responseType: 'binary', jar: new http.CookieJar() });
  check(pages.body, { 'has bytes': (body) => body === null || body.byteLength >= 0 });
  check(answer, { ok: (a) => a.ok && a.ttft !== undefined && __VU > 0 && __ITER >= 0 && __ENV.NO === undefined });
}
`;
const BAD = `import { chat, type Options } from 'tokenswarm';
export const options = { scenarios: { a: { executor: 'ramping-vus', stages: [{ duration: '1s', goal: 3 }] } } } satisfies Options;
export default async function () { const answer = await chat({ message: 'hi' }); return answer.txt; }
`;

describe('the package, installed in an empty folder', () => {
  const folder = testFolder();
  const tokenswarm = (...args: readonly string[]) =>
    execute('npx', ['--no-install', 'tokenswarm', ...args], { cwd: folder.path });

  before(async function () {
    this.timeout(180_000);
    // The scripts would build anew, into the very folder from which this test runs.
    const packed = await execute('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.path], {
      cwd: ROOT,
    });
    const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
    const needless = files.filter(({ path }) => /^dist\/(test|scenarios)\/|\.map$|^test\//.test(path));
    assert.deepEqual(needless, []);
    folder.write('package.json', '{ "name": "mine", "private": true, "type": "module" }');
    await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`], {
      cwd: folder.path,
    });
  });

  it('has a command that writes a scenario and runs it', async () => {
    await tokenswarm('new', 'my-test.ts');
    const { stdout } = await tokenswarm('run', 'my-test.ts', '--simulate', '-u', '1', '-i', '1');
    assert.match(stdout, /All thresholds passed|thresholds? passed/);
    assert.match(stdout, /iterations\.*: 1 /);
  }).timeout(30_000);

  it('gives a scenario its types', async () => {
    folder.write('good.ts', GOOD);
    folder.write('bad.ts', BAD);
    const check = (file: string) =>
      execute(
        process.execPath,
        [
          join(ROOT, 'node_modules/typescript/bin/tsc'),
          '--noEmit',
          '--strict',
          '--module',
          'nodenext',
          '--target',
          'es2023',
          '--types',
          '',
          file,
        ],
        { cwd: folder.path },
      );
    await check('good.ts');
    await assert.rejects(check('bad.ts'), ({ stdout }: { stdout: string }) => {
      for (const wrong of ['goal', 'message', 'txt']) assert.match(stdout, new RegExp(`'${wrong}'`));
      return true;
    });
  }).timeout(60_000);
});
