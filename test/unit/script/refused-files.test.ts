import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { testFolder } from '../../support/folder.js';
import { ready, refusalOf } from './bundled.js';

describe('a scenario file is refused', () => {
  const folder = testFolder();
  const here = (file: string) => relative(process.cwd(), file);

  it('when it is missing, or no file', async () => {
    for (const path of [`${folder.path}/none.ts`, folder.path]) {
      const error = await refusalOf(path);
      assert.equal(error.message, 'there is no such scenario file');
      assert.deepEqual([error.exitCode, error.where], [104, path]);
      assert.match(error.hint ?? '', /tokenswarm new/);
    }
  });

  it('when it is no script', async () => {
    const error = await refusalOf(folder.write('locustfile.py', 'from locust import User'));
    assert.equal(error.message, 'it is Python: a scenario is a .ts or .js file');
    assert.match((await refusalOf(folder.write('notes.md', '# notes'))).message, /not \.md$/);
  });

  it('for a package that is not installed, with what installs it', async () => {
    const file = folder.write('axios.js', `import axios from 'axios-of-nobody/lib';\nexport default () => axios();`);
    assert.match((await refusalOf(file)).hint ?? '', /^npm install axios-of-nobody in the scenario's folder/);
  });

  it('for a syntax error, with its place and its line', async () => {
    const file = folder.write('slip.ts', 'export const a: number = 1;\nexport default () => {\n  const b = ;\n};\n');
    const error = await refusalOf(file);
    assert.deepEqual([error.exitCode, error.where], [107, `${here(file)}:3:13`]);
    assert.equal(error.message, 'Unexpected ";"\n  const b = ;');
  });

  it('for an error in an imported file', async () => {
    const file = folder.write('imports-slip.ts', `import './lib/slip.js';\n`);
    const lib = folder.write('lib/slip.ts', '\nlet = 5 5;\n');
    const error = await refusalOf(file);
    assert.equal(error.exitCode, 107);
    assert.ok(error.where?.startsWith(`${here(lib)}:2:`), error.where);
  });

  it('for all imports that cannot be resolved', async () => {
    const file = folder.write(
      'vain.ts',
      `import './none.js';\nimport x from 'no-such-package';\nimport './none.json';\nx();\n`,
    );
    const error = await refusalOf(file);
    assert.deepEqual([error.exitCode, error.where], [107, `${here(file)}:1:8`]);
    const lines = error.message.split('\n');
    assert.deepEqual(
      [lines[0], ...lines.slice(2)],
      [
        'Could not resolve "./none.js"',
        `${here(file)}:2:15 Could not resolve "no-such-package"`,
        `${here(file)}:3:8 Could not resolve "./none.json"`,
      ],
    );
  });

  it('for invalid JSON', async () => {
    folder.write('broken.json', '{ "a": }');
    const file = folder.write('imports-broken.ts', `import data from './broken.json';\nexport default () => data;\n`);
    const error = await refusalOf(file);
    assert.equal(error.exitCode, 107);
    assert.match(error.where ?? '', /broken\.json:1:8$/);
  });

  it('when its top awaits, with the reason', async () => {
    const file = folder.write('awaits.ts', `const a = await Promise.resolve(5);\nexport default () => a;\n`);
    const error = await refusalOf(file);
    assert.deepEqual([error.exitCode, error.where], [107, `${here(file)}:1:11`]);
    assert.match(error.message, /^top-level await is not supported, .*: await in setup\(\) or in the iteration\n/);
  });

  it('when its top throws, with the line of the file as it was written', async () => {
    const file = folder.write(
      'throws.ts',
      `interface Gone { readonly a: string; readonly b: string }\n\n\nfunction deep(gone: Gone): never {\n  throw new RangeError(gone.a);\n}\n\ndeep({ a: 'far too much', b: '' });\n`,
    );
    const error = await refusalOf(file);
    assert.deepEqual([error.exitCode, error.message], [107, 'far too much']);
    assert.equal(error.where, `${file}:5:9`);
    assert.match(error.hint ?? '', /top of the scenario file/);
  });

  it('when the top of a file that it imports throws', async () => {
    const lib = folder.write('lib/throws.ts', `export type A = string;\nexport const b = JSON.parse('{');\n`);
    const file = folder.write('imports-throws.ts', `import { b } from './lib/throws.js';\nexport default () => b;\n`);
    const error = await refusalOf(file);
    assert.equal(error.exitCode, 107);
    assert.equal(error.where, `${lib}:2:23`);
  });

  it('when it exports its options under a name that is not read', async () => {
    const file = (line: string) => folder.write('option.ts', `${line}\nexport default () => 5;\n`);
    const { exitCode, where, message, hint } = await refusalOf(
      file(`export const option = { vus: 2, duration: '3s' };`),
    );
    assert.deepEqual([exitCode, where], [104, 'export option']);
    assert.match(message, /options of the scenario \(vus, duration\), which are exported as "options"/);
    assert.match(hint ?? '', /^rename it/);
    for (const fine of ['export const actions = { go: 1 };', 'export const options = {}, option = { vus: 2 };'])
      assert.deepEqual((await ready(file(fine))).load().functions, ['default']);
  });

  it('when its top throws a value that is no Error', async () => {
    const error = await refusalOf(folder.write('throws-text.ts', `throw 'a text';\n`));
    assert.deepEqual([error.exitCode, error.message, error.where], [107, 'a text', undefined]);
  });

  it('with the line of the file as it was written, where paths have spaces and Chinese characters', async () => {
    const file = folder.write('路 径/场 景.ts', `type A = 1;\n\nthrow new Error('坏了');\n`);
    const error = await refusalOf(file);
    assert.deepEqual([error.message, error.where], ['坏了', `${file}:3:7`]);
  });

  it('later, when an iteration throws, by the same lines', async () => {
    const file = folder.write('late.ts', `type A = 1;\n\nexport default () => {\n  throw new Error('late');\n};\n`);
    const { evaluate } = await ready(file);
    for (const exports of [evaluate(), evaluate()]) {
      assert.throws(
        () => exports.default?.(),
        (error: Error) => error.stack?.includes(`${file}:4:9`) === true,
      );
    }
  });
});
