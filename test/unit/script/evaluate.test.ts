import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type { Api } from '../../../engine/api/index.js';
import { testFolder } from '../../support/folder.js';
import { ready } from './bundled.js';

describe('a scenario', () => {
  const folder = testFolder();
  folder.write('node_modules/counting/package.json', '{ "name": "counting", "version": "1.0.0", "main": "main.cjs" }');
  folder.write('node_modules/counting/main.cjs', 'let count = 0; exports.next = () => (count += 1);');
  folder.write(
    'node_modules/modern/package.json',
    '{ "name": "modern", "version": "1.0.0", "type": "module", "exports": { ".": "./main.js" } }',
  );
  folder.write(
    'node_modules/modern/main.js',
    'let count = 0; export const next = () => (count += 1); export default "modern";',
  );

  it('is TypeScript that imports its own files, whose variables belong to the evaluation', async () => {
    folder.write('lib/count.ts', 'let count: number = 0;\nexport const next = (): number => (count += 1);\n');
    const file = folder.write(
      'own.ts',
      `import { next } from './lib/count.js';
       interface Own { readonly calls: number }
       let calls = 0;
       export const options = { vus: 2 } as const;
       export function setup(): Own { return { calls }; }
       export default (): readonly number[] => [(calls += 1), next()];`,
    );
    const scenario = await ready(file);
    const [one, other] = [scenario.evaluate(), scenario.evaluate()];
    assert.deepEqual(one.default?.(), [1, 1]);
    assert.deepEqual(one.default?.(), [2, 2]);
    assert.deepEqual(other.default?.(), [1, 1]);
    assert.deepEqual(one.setup?.(), { calls: 2 });
    assert.deepEqual(scenario.load(), { options: { vus: 2 }, functions: ['default', 'setup'] });
  });

  it('imports npm packages of either kind, which all evaluations share', async () => {
    const file = folder.write(
      'packages.ts',
      `import { next } from 'counting';
       import modern, { next as nextModern } from 'modern';
       export default () => [next(), nextModern(), modern];`,
    );
    const { evaluate } = await ready(file);
    assert.deepEqual(evaluate().default?.(), [1, 1, 'modern']);
    assert.deepEqual(evaluate().default?.(), [2, 2, 'modern']);
  });

  it("takes a path of tsconfig for a file of the user's own, whose variables belong to each evaluation", async () => {
    folder.write('aliased/tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }');
    folder.write('aliased/lib/count.ts', 'let count = 0; export const next = () => (count += 1);');
    const file = folder.write('aliased/main.ts', `import { next } from '@/count'; export default () => next();`);
    const { evaluate } = await ready(file);
    const one = evaluate();
    assert.deepEqual([one.default?.(), one.default?.(), evaluate().default?.()], [1, 2, 1]);
  });

  it('imports JSON, which all evaluations share', async () => {
    folder.write('data.json', '{ "rows": [1, 2, 3] }');
    const file = folder.write(
      'json.ts',
      `import data from './data.json' with { type: 'json' };
       import { rows } from './data.json';
       export default () => ({ data, rows });`,
    );
    const { evaluate } = await ready(file);
    const one = evaluate().default?.() as { data: object };
    const other = evaluate().default?.() as { data: object };
    assert.deepEqual(one, { data: { rows: [1, 2, 3] }, rows: [1, 2, 3] });
    assert.equal(one.data, other.data);
  });

  it("imports Node's modules", async () => {
    const file = folder.write(
      'built-in.ts',
      `import { createHash } from 'node:crypto';
       import { readFile } from 'fs/promises';
       import path from 'path';
       export default async () => [
         createHash('sha256').update('x').digest('hex').slice(0, 8),
         (await readFile(path.join(import.meta.dirname, 'note.txt'), 'utf8')),
       ];`,
    );
    folder.write('note.txt', 'noted');
    assert.deepEqual(await (await ready(file)).evaluate().default?.(), ['2d711642', 'noted']);
  });

  it('gets the API that it is evaluated with', async () => {
    const file = folder.write('api.ts', `import { random } from 'tokenswarm'; export default () => random();`);
    const { evaluate } = await ready(file);
    const bound = (value: number) => evaluate({}, { random: () => value } as Api);
    const [one, other] = [bound(0.25), bound(0.75)];
    assert.deepEqual([one.default?.(), other.default?.()], [0.25, 0.75]);
  });

  it('has environment, user and iteration, also in imported files', async () => {
    folder.write('lib/env.ts', 'export const name = () => __ENV.NAME;\n');
    const file = folder.write(
      'globals.ts',
      `import { name } from './lib/env.js';
       const first = __ENV.NAME;
       export default () => [first, name(), __ENV.NONE, __VU, __ITER];`,
    );
    const { bundle } = await ready(file);
    const { compile } = await import('../../../engine/script/evaluate.js');
    const globals = { env: { NAME: 'x' }, vu: 7, iter: 0 };
    const exports = compile(bundle)({} as Api, globals) as { default: () => unknown };
    assert.deepEqual(exports.default(), ['x', 'x', undefined, 7, 0]);
    globals.iter = 3;
    assert.deepEqual(exports.default(), ['x', 'x', undefined, 7, 3]);
  });

  it('has its own path', async () => {
    const file = folder.write(
      'where.ts',
      `import { fileURLToPath } from 'node:url';
       const __filename = fileURLToPath(import.meta.url);
       export default () => [import.meta.url, import.meta.filename, import.meta.dirname, __filename, __dirname];`,
    );
    const expected = [pathToFileURL(file).href, file, folder.path, file, folder.path];
    assert.deepEqual((await ready(file)).evaluate().default?.(), expected);
  });

  it('may lie under a path with spaces, quotes and Chinese characters', async () => {
    const file = folder.write(
      `我的 "测试"/it's 场景.ts`,
      `import { greeting } from './文本.js'; export default () => [greeting, import.meta.url];`,
    );
    folder.write(`我的 "测试"/文本.ts`, `export const greeting = '你好';`);
    assert.deepEqual((await ready(file)).evaluate().default?.(), ['你好', pathToFileURL(file).href]);
  });

  it('may be JavaScript', async () => {
    const file = folder.write(
      'plain.js',
      `export const options = { vus: 1 }; export default function () { return 5; }`,
    );
    assert.equal((await ready(file)).evaluate().default?.(), 5);
  });
});
