import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';

const OLD = `import http from 'k6/http';
import { check } from 'k6';
export const options = { vus: 1, iterations: 2 };
export default function () {
  check(http.get('http://127.0.0.1:9/'), { failed: (r) => r.status === 0 });
}
`;

describe('tokenswarm migrate', () => {
  const folder = testFolder();
  const command = (...args: string[]) => tokenswarm(args, { cwd: folder.path });

  it('writes a scenario beside the script, which can be inspected and run', async () => {
    folder.write('old.js', OLD);
    const { code, stdout } = await command('migrate', 'old.js');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^wrote old\.ts\nnow try: (npx )?tokenswarm inspect old\.ts\n$/);
    assert.match(readFileSync(`${folder.path}/old.ts`, 'utf8'), /check\(await http\.get/);
    assert.equal((await command('inspect', 'old.ts')).code, 0);
    const ran = await command('run', 'old.ts', '--quiet', '--summary', 'full');
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /✓ failed/);
  });

  it('overwrites nothing, and refuses what is no script', async () => {
    folder.write('taken.js', OLD);
    folder.write('taken.ts', '');
    const taken = await command('migrate', 'taken.js');
    assert.deepEqual([taken.code, /taken\.ts: the file exists already/.test(taken.stderr)], [104, true]);
    assert.equal((await command('migrate', 'taken.js', 'other.ts')).code, 0);
    assert.match((await command('migrate', 'none.js')).stderr, /none\.js: there is no such file/);
    assert.match((await command('migrate', 'taken.ts')).stderr, /this is no \.js file/);
    assert.match(
      (await command('migrate', 'locustfile.py')).stderr,
      /Python, which is not converted\nhint {2}docs\/k6\.md/,
    );
  });
});
