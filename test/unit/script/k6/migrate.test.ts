import assert from 'node:assert/strict';
import type { UserError } from '../../../../engine/errors.js';
import { migrateK6 } from '../../../../engine/script/k6/migrate.js';

/** Old lines and new ones. */
const CASES: readonly (readonly [what: string, old: string, expected: string])[] = [
  [
    'imports, sorted, in place of the first',
    `// A note.\nimport http from 'k6/http';\nimport { sleep, check } from 'k6';\nimport { setTimeout } from 'k6/timers';\nimport exec, { vu } from 'k6/execution';\nlet a;`,
    `// A note.\nimport { check, exec, http, sleep } from 'tokenswarm';\nconst { vu } = exec;\nlet a;`,
  ],
  [
    'names that were given',
    `import web, { get } from 'k6/http';\nimport { sleep as nap } from 'k6';\nexport default () => { web.get('u'); get('v'); nap(1); };`,
    `import { http, http as web, sleep as nap } from 'tokenswarm';\nconst { get } = http;\nexport default async () => { await web.get('u'); await get('v'); await nap(1); };`,
  ],
  [
    'options, with their type',
    `import { sleep } from 'k6';\nexport let options = { vus: 1 };\nexport default function () { sleep(1) }`,
    `import { sleep, type Options } from 'tokenswarm';\nexport const options = { vus: 1 } satisfies Options;\nexport default async function () { await sleep(1) }`,
  ],
  [
    'types of parameters, the data of setup among them',
    `import http from 'k6/http';\nconst go = u => http.get(u).json('a');\nexport function setup() { return 1; }\nexport default (data) => go(data);\nexport function handleSummary(d) { return {}; }`,
    `import { http, type SummaryData } from 'tokenswarm';\nconst go = async (u: any) => (await http.get(u)).json<any>('a');\nexport function setup() { return 1; }\nexport default async (data: Awaited<ReturnType<typeof setup>>) => await go(data);\nexport function handleSummary(d: SummaryData) { return {}; }`,
  ],
  [
    'a loop for forEach',
    `import http from 'k6/http';\nexport default () => {\n  [1].forEach((u) => {\n    http.get(u);\n  });\n};`,
    `import { http } from 'tokenswarm';\nexport default async () => {\n  for (const u of [1]) {\n    await http.get(u);\n  }\n};`,
  ],
  [
    'fields of a class',
    `import http from 'k6/http';\nclass A {\n  constructor(u) {\n    this.u = u;\n  }\n  get() { return http.get(this.u); }\n}`,
    `import { http } from 'tokenswarm';\nclass A {\n  u: any;\n  constructor(u: any) {\n    this.u = u;\n  }\n  async get() { return await http.get(this.u); }\n}`,
  ],
];

describe('migrate writes', () => {
  for (const [what, old, expected] of CASES) {
    it(what, () => {
      const { code, remarks } = migrateK6('old.js', old);
      assert.equal(code, expected);
      assert.deepEqual(remarks, []);
    });
  }

  it('comments on what it cannot do, and lists them', () => {
    const old = `import http from 'k6/http';\nimport { sha1 } from 'k6/crypto';\nimport { x } from './x.js';\nexport default () => {\n  const a = [1].map((u) => http.get(u));\n  [2].sort(() => http.get('u'));\n};\n`;
    const { code, remarks } = migrateK6('old.js', old);
    assert.deepEqual(
      remarks.map(({ line, text }) => `${line} ${text.slice(0, 40)}`),
      [
        '2 k6/crypto is for scripts of k6: use node',
        '3 migrate ./x.js as well, and await its fu',
        '5 its function waits for responses, which ',
        '6 this function sends requests, and sort()',
      ],
    );
    assert.match(code, /^ {2}\/\/ MIGRATE: its function waits .*\n {2}const a = /m);
    assert.equal(code.match(/\/\/ MIGRATE: /g)?.length, 4);
  });

  it('nothing where it cannot read the file', () => {
    assert.throws(
      () => migrateK6('old.js', 'const a = 1;\nconst b: number = 2;\n'),
      (error: UserError) => error.where === 'old.js:2' && /migrate takes JavaScript/.test(error.hint ?? ''),
    );
  });
});
