import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle } from '../../../engine/script/bundle.js';
import { testFolder } from '../../support/folder.js';
import { refusalOf } from './bundled.js';

describe('the files of a bundle', () => {
  const folder = testFolder();
  const temporary = join(folder.path, 'tmp');
  const before = process.env.TMPDIR;

  beforeEach(() => {
    mkdirSync(temporary, { recursive: true });
    process.env.TMPDIR = temporary;
  });

  afterEach(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });

  const simple = folder.write('simple.ts', 'export default () => 5;\n');

  it('lie in a temporary folder until they are disposed of', async () => {
    const { script, packages, file, dispose } = await bundle(simple);
    assert.equal(file, simple);
    assert.equal(packages, undefined);
    assert.equal(dirname(dirname(script)), temporary);
    assert.ok(existsSync(script));
    await dispose();
    assert.deepEqual(readdirSync(temporary), []);
    await dispose();
  });

  it('have the packages apart, where there are any', async () => {
    folder.write('data.json', '[1]');
    const file = folder.write('with-json.ts', `import data from './data.json';\nexport default () => data;\n`);
    const { script, packages, dispose } = await bundle(file);
    assert.ok(packages !== undefined && packages !== script && existsSync(packages));
    await dispose();
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('are not left behind when the scenario is refused', async () => {
    await assert.rejects(bundle(folder.write('bad.ts', 'let = ;')));
    await assert.rejects(bundle(folder.write('vain.ts', `import 'no-such-package';`)));
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('lead back to the lines of the scenario from a temporary folder behind a link', async () => {
    const link = join(folder.path, 'a', 'deep', 'link');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(temporary, link);
    process.env.TMPDIR = link;
    const file = folder.write('throws.ts', `type A = 1;\nthrow new Error('here');\n`);
    assert.equal((await refusalOf(file)).where, `${file}:2:7`);
  });
});
