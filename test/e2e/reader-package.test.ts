import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';

const execute = promisify(execFile);

describe('the packages that are to be published', () => {
  const folder = testFolder();

  it('bring a reader for this system, which needs no compiler', async function () {
    if (process.platform !== 'linux' || spawnSync('cc', ['--version']).error) this.skip();
    const packed = join(folder.path, 'packed');
    await execute(process.execPath, [join(ROOT, 'native/package.mjs'), packed]);
    const files = readdirSync(packed).map((name) => join(packed, name));
    assert.equal(files.length, 2);
    folder.write('package.json', '{ "private": true, "type": "module" }');
    // The readers for other systems are in no registry yet, and npm goes on without what is optional.
    await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...files], { cwd: folder.path });
    folder.write('one.ts', "import { chat } from 'tokenswarm';\nexport default () => chat({ messages: 'hi' });\n");
    const { stdout } = await execute('npx', ['--no-install', 'tokenswarm', 'run', 'one.ts', '--simulate', '-i', '1'], {
      cwd: folder.path,
      env: { ...process.env, CC: 'no-such-compiler' },
    });
    assert.match(stdout, /ran .*, native reader/);
    assert.ok(!existsSync(join(folder.path, 'node_modules/tokenswarm/native/reader.node')));
  }).timeout(180_000);
});
