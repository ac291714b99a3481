import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { testFolder } from '../../../support/folder.js';
import { refusalOf } from '../bundled.js';

/** Scripts that cannot be awaited, the place, the message and the hint. */
const CASES: readonly (readonly [what: string, script: string, place: string, message: RegExp, hint: RegExp])[] = [
  [
    'in a getter',
    `const a = {\n  get token() {\n    return http.get('u').body;\n  },\n};\nexport default () => a.token;`,
    '4:12',
    /^http\S*\.get\("u"\) waits for a response, which a getter cannot do$/,
    /token\(\) for get token/,
  ],
  [
    'in a constructor',
    `class A {\n  constructor() {\n    this.r = http.get('u');\n  }\n}\nexport default () => new A();`,
    '4:14',
    /which a constructor cannot do/,
    /start\(\), and call that after new/,
  ],
  [
    'in a generator',
    `function* all() {\n  yield http.get('u');\n}\nexport default () => [...all()];`,
    '3:9',
    /which a generator cannot do/,
    /return a list/,
  ],
  [
    'in the default value of a parameter',
    `function go(r = http.get('u')) {\n  return r;\n}\nexport default () => go();`,
    '2:17',
    /default value of a parameter/,
    /move the call/,
  ],
  [
    'in a field of a class',
    `class A {\n  r = http.get('u');\n}\nexport default () => new A();`,
    '3:7',
    /a field of a class/,
    /move the call/,
  ],
  [
    'in a function that sorts',
    `export default () => [2, 1].sort((a, b) => http.get('u').status - a - b);`,
    '2:34',
    /sort\(\) needs its result at once/,
    /collect the responses/,
  ],
  [
    'at the top of the file, by a function of its own',
    `const login = () => http.get('u');\nconst token = login();\nexport default () => token;`,
    '3:15',
    /^login\(\) waits .* the top of the file/,
    /setup\(\)/,
  ],
];

describe('a k6 script is refused where it waits', () => {
  const folder = testFolder();

  for (const [index, [what, script, place, message, hint]] of CASES.entries()) {
    it(what, async () => {
      const file = folder.write(`case-${index}.ts`, `import http from 'k6/http';\n${script}\n`);
      const error = await refusalOf(file);
      assert.deepEqual([error.exitCode, error.where], [107, `${file}:${place}`]);
      assert.match(error.message, message);
      assert.match(error.hint ?? '', hint);
    });
  }
});

describe('an import of a k6 script is refused', () => {
  const folder = testFolder();
  const refusal = (name: string, text: string) => refusalOf(folder.write(name, text));

  it('with where to go, for gRPC, the browser and extensions', async () => {
    const error = await refusal(
      'elsewhere.js',
      `import grpc from 'k6/net/grpc';\nimport { browser } from 'k6/browser';\nimport faker from 'k6/x/faker';\nimport 'k6/nothing';\n`,
    );
    assert.equal(error.where, `${relative(process.cwd(), `${folder.path}/elsewhere.js`)}:1:18`);
    assert.match(error.message, /no module "k6\/net\/grpc" here: gRPC is not offered: keep this script on k6/);
    assert.match(error.message, /no module "k6\/browser" here: run browser tests with k6 itself, or with Playwright/);
    assert.match(error.message, /extensions of k6 are in Go: import an npm package/);
    assert.match(error.message, /no module "k6\/nothing" here: there are k6, k6\/http/);
  });

  it('for a name that the module does not have', async () => {
    const error = await refusal(
      'name.js',
      `import { get } from 'k6/http';\nimport { nap } from 'k6';\nexport default () => nap(get('u'));\n`,
    );
    assert.equal(error.message, 'k6 has no nap here');
    assert.equal(error.where, `${folder.path}/name.js:2:10`);
    assert.match(error.hint ?? '', /it has check, fail, group/);
  });
});
