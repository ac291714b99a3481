import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './support/command.js';
import { testFolder } from './support/folder.js';

const execute = promisify(execFile);

/** A scenario that uses what the package exports, and one that an editor has to mark. */
const GOOD = `import { type Answer, anthropic, chat, check, embed, ollama, type Options, peakUsers, responses } from 'tokenswarm';
export const options = { protocol: 'embed', scenarios: { a: peakUsers(2, { ramp: '1s', hold: '1s' }) } } satisfies Options;
export default async function () {
  const answer = await chat({ messages: 'hi', slo: { ttft: 500 } });
  check(answer, { ok: (a) => a.ok && a.ttft !== undefined && __VU > 0 && __ITER >= 0 && __ENV.NO === undefined });
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }] as const;
  const parts = [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: 'data:' } }] as const;
  for (const talk of [chat, responses, anthropic, ollama]) {
    const said: Answer = await talk({ messages: [{ role: 'user', content: parts }], tools, abortAfter: { tokens: 3 } });
    check(said, { called: (a) => a.toolCalls.every(({ id, name }) => id !== name) });
  }
  const { vectors } = await embed({ input: [[1, 2], [3]] });
  check(vectors, { dense: (v) => v?.[0]?.[0] !== 0 });
}
`;
const BAD = `import { anthropic, chat, type Options } from 'tokenswarm';
export const options = { scenarios: { a: { executor: 'ramping-vus', stages: [{ duration: '1s', goal: 3 }] } } } satisfies Options;
export default async function () { const answer = await chat({ message: 'hi' }); return answer.txt; }
export const seeded = () => anthropic({ messages: 'hi', seed: 1 });
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
      for (const wrong of ['goal', 'message', 'txt', 'seed']) assert.match(stdout, new RegExp(`'${wrong}'`));
      return true;
    });
  }).timeout(60_000);
});
