import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Limits } from '../../engine/options/timing.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks, rowsBelow, saying } from '../support/page.js';
import { forkSimulator } from '../support/simulator.js';

/** Input that causes an error of docs/errors.md. It is the file my.ts, or arguments behind `tokenswarm`, or both. */
interface Case {
  readonly file?: string;
  readonly args?: readonly string[];
  /** It is told by the process of the command. */
  readonly alone?: boolean;
  /** A limit of 10 s is one of 0.5 s here. */
  readonly limits?: Partial<Limits>;
}

const IDLE = 'export default async function () {}';

function options(text: string, rest = IDLE): Case {
  return { file: `export const options = ${text};\n${rest}` };
}

const BEFORE: Readonly<Record<string, Case>> = {
  'a missing file': { args: ['run', 'none.ts'] },
  'a syntax error': { file: 'export default () => {\n  const a = 1;\n  const b = ;\n};' },
  'an import that cannot be resolved': { file: `import { a } from './none.js';\nexport default () => a;` },
  'invalid JSON': { file: `import data from './data.json';\nexport default () => data;` },
  'no default function': { file: 'export async function talk() {}' },
  'an unknown function': options(
    `{ scenarios: { a: { executor: 'per-vu-iterations', exec: 'tlak' } } }`,
    'export async function talk() {}',
  ),
  'an unknown option': options('{ threshold: {} }'),
  'an option of another tool': options('{ users: 5 }'),
  'an unknown executor': options(`{ scenarios: { a: { executor: 'constant-vu' } } }`),
  'an unknown field of an executor': options(`{ scenarios: { a: { executor: 'constant-vus', duratoin: '1s' } } }`),
  'an absurd number': options('{ vus: 1e9, duration: "1s" }'),
  'not a number': options('{ vus: Number("many"), duration: "1s" }'),
  'a bad duration': options('{ duration: "soon" }'),
  'a bad threshold': options('{ thresholds: { llm_ttft: ["p95<500"] } }'),
  'a threshold in seconds': options('{ thresholds: { llm_ttft: ["p(95)<0.5"] } }'),
  'a metric without its prefix': options('{ thresholds: { ttft: ["avg<500"] } }'),
  'an unknown metric': options('{ thresholds: { llm_tfft: ["avg<500"] } }'),
  'an aggregation that the metric does not have': options('{ thresholds: { llm_failed: ["avg<1"] } }'),
  'several mistakes': options('{ vus: 0, seed: -1 }'),
  'top-level code that throws': { file: `${IDLE}\nthrow new Error('far too much');` },
  'top-level code that never ends': { file: `while (true);\n${IDLE}`, limits: { evaluation: 500 } },
  'top-level code that ends the process': { file: `process.exit(0);\n${IDLE}` },
  'top-level await': { file: `const answer = await Promise.resolve(5);\nexport default () => answer;` },
  'an unhandled rejection in top-level code': {
    file: `void Promise.reject(new Error('floating'));\n${IDLE}`,
    alone: true,
  },
  'a missing data set': {
    file: `import { dataset } from 'tokenswarm';\ndataset('none.jsonl');\n${IDLE}`,
  },
  'a bad data set': {
    file: `import { dataset } from 'tokenswarm';\ndataset('data.json');\n${IDLE}`,
  },
  'a bad value of a parameter': {
    file: `import { env } from 'tokenswarm';\nenv.whole('USERS', 1, { least: 1 });\nenv.duration('HOLD', '1s');\n${IDLE}`,
    args: ['run', 'my.ts', '-e', 'USERS=many', '-e', 'HOLD=5x'],
  },
  'a trace with a bad line': options(
    `{ scenarios: { a: { executor: 'trace', file: 'bad.csv', preAllocatedVUs: 1 } } }`,
  ),
  'an unknown flag': { args: ['run', 'my.ts', '--vuss', '5'] },
  'a flag of another tool': { args: ['run', 'my.ts', '--users', '5'] },
  'an unknown command': { args: ['rum', 'my.ts'] },
  'a bad value of a flag': { file: IDLE, args: ['run', 'my.ts', '--workers', '1000000'] },
  'an invalid base URL': { file: IDLE, args: ['run', 'my.ts', '--base-url', 'ftp://x'] },
  'no server named, found by the first iteration': {
    file: `import { chat } from 'tokenswarm';\nexport default async () => { await chat({ messages: 'hi' }); };`,
  },
  'a report path that is a folder': { file: IDLE, args: ['run', 'my.ts', '--out', 'json=.'] },
  'a report in a folder that cannot be made': { file: IDLE, args: ['run', 'my.ts', '--out', 'json=my.ts/x/a.json'] },
  'a `setup()` that throws': { file: `export function setup() { throw new Error('no token'); }\n${IDLE}` },
  'a `setup()` that takes too long': options(
    `{ setupTimeout: '200ms' }`,
    `import { sleep } from 'tokenswarm';\nexport async function setup() { await sleep(60); }\n${IDLE}`,
  ),
  'a `setup()` that blocks its thread': options(
    `{ setupTimeout: '200ms' }`,
    `export function setup() { while (true); }\n${IDLE}`,
  ),
  'a `setup()` that aborts the test': {
    file: `import { exec } from 'tokenswarm';\nexport function setup() { exec.test.abort('enough'); }\n${IDLE}`,
  },
};

const AFTER: Readonly<Record<string, Case>> = {
  'every iteration throws before it sends a request: the run ends within seconds': {
    file: `import { chat } from 'tokenswarm'; export default () => chat({ messages: 'hi', max_tokens: 9 });`,
    args: ['run', 'my.ts', '--simulate', '-d', '1m'],
  },
  'every iteration checks a promise: the run ends within seconds': {
    file: `import { chat, check } from 'tokenswarm';
      export default () => {
        const answer = chat({ messages: 'hi' });
        check(answer, { ok: ({ ok }) => ok });
      };`,
    args: ['run', 'my.ts', '--simulate', '-d', '1m'],
  },
  'a `teardown()` that throws': { file: `export function teardown() { throw new Error('late'); }\n${IDLE}` },
  'a `teardown()` that takes too long': options(
    `{ teardownTimeout: '200ms' }`,
    `import { sleep } from 'tokenswarm';\nexport async function teardown() { await sleep(60); }\n${IDLE}`,
  ),
  'a full disk': { file: IDLE, args: ['run', 'my.ts', '--out', 'json=/dev/full', '--out', 'json=kept.json'] },
};

/** Everything that was printed, in one line. */
function shown({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  return `${stderr} ${stdout}`.replace(/\s+/g, ' ');
}

describe('docs/errors.md', () => {
  const rows = rowsBelow('errors.md', '## Bad input');

  it('has the cases that are tested here, and no others', () => {
    assert.deepEqual(
      rows.map(([what]) => what),
      [...Object.keys(BEFORE), ...Object.keys(AFTER)],
    );
  });

  for (const [what = '', code, message] of rows) {
    it(`tells the truth about ${what.replaceAll('`', '')}`, async function () {
      this.timeout(40_000);
      if (what === 'a full disk' && !existsSync('/dev/full')) this.skip();
      const { file, args = ['run', 'my.ts'], alone = false, limits } = BEFORE[what] ?? AFTER[what] ?? {};
      const folder = testFolder();
      folder.write('data.json', '{ "a": }');
      folder.write('bad.csv', 'Timestamp,Request tokens,Response tokens\n1,5,5\n2,-7,5\n');
      if (file !== undefined) folder.write('my.ts', file);
      const ended = await tokenswarm(args, { cwd: folder.path, alone, ...(limits && { limits }) });
      assert.match(shown(ended), saying(limits ? message?.replace('10 s', '0.5 s') : message));
      assert.equal(ended.code, Number(code), shown(ended));
      assert.ok(!/has a bug/.test(ended.stderr), ended.stderr);
      if (what in AFTER) assert.match(ended.stdout, /CAVEATS/);
      if (what === 'a full disk') assert.equal(folder.summary('kept.json').run.outcome, 'completed');
    });
  }

  it('gives commands that work', async () => {
    const folder = testFolder();
    const commands = blocks('docs/errors.md', 'sh').flatMap((block) => block.trim().split('\n'));
    const [run = '', simulate = '', ...others] = commands.map((command) => command.replace(/^tokenswarm /, ''));
    assert.deepEqual(others, []);
    folder.write(
      'my.ts',
      `import { chat } from 'tokenswarm';\nexport default async () => { await chat({ messages: 'hi' }); };`,
    );
    const args = [...run.split(' '), '-u', '2', '-i', '60', '--out', 'json=out.json'];
    const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
    assert.equal(code, 0, stderr);
    const { failures } = folder.summary('out.json');
    assert.deepEqual(
      failures.map(({ kind, status }) => [kind, status]),
      [['http_status', 503]],
    );
    const child = await forkSimulator(...simulate.split(' ').slice(3));
    child.stop();
  });
});
