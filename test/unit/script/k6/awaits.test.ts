import assert from 'node:assert/strict';
import { testFolder } from '../../../support/folder.js';
import { awaited } from './awaited.js';

const IMPORTS = `import http from 'k6/http';\nimport { check, group, sleep } from 'k6';\n`;

/** Scripts, and patterns of their code. */
const CASES: readonly (readonly [what: string, script: string, expected: readonly RegExp[]])[] = [
  [
    'a call whose response is used at once',
    `export default () => { console.log(http.get('u').status); }`,
    [/\(await \S+\.get\("u"\)\)\.status/, /async \(\) =>/],
  ],
  [
    'a helper and its callers',
    `function one() { return http.get('u'); }\nfunction two() { return one(); }\nexport default function () { two(); }`,
    [/async function one/, /async function two/, /return await one\(\)/, /^\s*await two\(\);$/m],
  ],
  [
    'a function that sends nothing, not at all',
    `function plain() { return 1; }\nexport default function () { sleep(plain()); }`,
    [/\bfunction plain/, /sleep\)\(plain\(\)\)/],
  ],
  [
    'methods of a class, with its fields and static ones',
    `class A { get(u) { return http.get(u); } static go() { return new A().get('u'); } run = () => this.get('u'); }\nexport default () => { A.go(); new A().run(); }`,
    [/async get\(u\)/, /static async go\(\)/, /await new _?A\(\)\.get/, /run = async \(\) =>/],
  ],
  [
    'methods of objects, with computed names',
    `const api = { ['a' + 1]() { return http.get('u'); }, b: function () { return this.a1(); } };\nexport default () => api['a1']();`,
    [/async \["a1"\]\(\)|async \["a" \+ 1\]\(\)/],
  ],
  [
    'groups, only where they send',
    `export default () => { group('a', () => { http.get('u'); }); group('b', () => 1); }`,
    [/await \(0, \S+group\)\("a", async/, /^\s*\(0, \S+group\)\("b", \(\) => 1\)/m],
  ],
  [
    'conditions of a check that send',
    `export default () => { check(1, { a: () => http.get('u').status === 200 }); check(2, { b: () => true }); }`,
    [/await __tokenswarm\.k6\.check\(1/, /^\s*\(0, \S+check\)\(2/m],
  ],
  [
    'functions called for each element, one after the other',
    `export default () => ['a'].map((u) => http.get(u)).length + Array.from([1], () => http.get('u')).length;`,
    [/\(await __tokenswarm\.k6\.inTurn\(\["a"\], "map", async \(u\) =>/, /await __tokenswarm\.k6\.from\(\[1\], async/],
  ],
  [
    'callbacks that are passed on',
    `function twice(run) { run(); run(); }\nexport default () => { twice(() => http.get('u')); }`,
    [/async function twice/, /await run\(\);\s*await run\(\)/, /await twice\(async/],
  ],
  [
    'functions out of lists and objects',
    `const tasks = [() => http.get('u')];\nconst by = { a: () => sleep(1) };\nexport default () => { for (const task of tasks) task(); by[__ENV.X](); }`,
    [/await task\(\)/, /await by\[/],
  ],
  [
    'functions that another returns',
    `const make = (u) => () => http.get(u);\nconst go = make('u');\nexport default () => { go(); make('v')(); }`,
    [/await go\(\)/, /await make\("v"\)\(\)/, /make = \(u\) => async \(\) =>/],
  ],
  [
    'names that it takes out of a module',
    `const { get: fetchIt } = http;\nexport default () => { fetchIt('u'); }`,
    [/await fetchIt\("u"\)/],
  ],
  [
    'bound, called and applied functions',
    `function go() { return http.get(this.u); }\nexport default function () { go.call({ u: 1 }); go.bind({ u: 2 })(); }`,
    [/await go\.call/, /await go\.bind\(\{ u: 2 \}\)\(\)/],
  ],
  [
    'nothing in functions that are async already, but the calls',
    `async function mine() { return http.get('u'); }\nexport default async () => { const p = mine(); await p; await mine(); }`,
    [/return await \S+\.get/, /const p = mine\(\)/, /await mine\(\)/],
  ],
  ['an optional call as a whole', `export default () => http?.get?.('u').status;`, [/await \S+\?\.get\?\.\("u"\)/]],
  [
    'methods of responses',
    `export default () => { http.get('u').submitForm().clickLink(); }`,
    [/\(await \(await \(await|await \(await \(await/],
  ],
  [
    'timers of k6, which are global there',
    `export default () => { sleep(1); setTimeout(() => sleep(1), 5); }`,
    [/__tokenswarm\.k6\.module\("k6\/timers"\)\.setTimeout\(async/],
  ],
  [
    'an await at the top',
    `import { open } from 'k6/experimental/fs';\nconst file = await open('x');\nexport default () => file;`,
    [/__tokenswarm\.k6\.settled\(\(0, \S+open\)\("x"\)\)/],
  ],
];

describe('in a k6 script, awaited are', () => {
  const folder = testFolder();

  for (const [index, [what, script, expected]] of CASES.entries()) {
    it(what, async () => {
      const code = await awaited(folder, `${IMPORTS}${script}`, `case-${index}.js`);
      for (const pattern of expected) assert.match(code, pattern);
    });
  }

  it('calls of a function of another file, and of CommonJS', async () => {
    folder.write('lib/login.js', `import http from 'k6/http';\nexport const login = () => http.post('u');\n`);
    const code = await awaited(
      folder,
      `import { login } from './lib/login.js';\nexport default () => { login(); };\n`,
      'uses.js',
    );
    assert.match(code, /await login\(\)/);
    const common = `const http = require('k6/http');\nfunction go() { http.get('u'); }\nexports.default = () => { go(); };\n`;
    assert.match(await awaited(folder, common, 'common.js'), /await go\(\)/);
  });

  it('none in a script that imports nothing of k6', async () => {
    const code = await awaited(folder, `const http = { get: () => 1 };\nexport default () => http.get();\n`, 'ours.js');
    assert.doesNotMatch(code, /await/);
  });
});
