import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';

describe('what the users of a thread share', () => {
  const folder = testFolder();
  folder.write('users.json', '[{"name":"一","tags":["a"]},{"name":"two","tags":[]}]');
  folder.write('bytes.bin', 'ab你');

  it('is read once per thread, is the same for all its users, and cannot be changed', async () => {
    const made = join(folder.path, 'made');
    const file = folder.write(
      'sharing.ts',
      `import { check, SharedArray } from 'tokenswarm';
       import { appendFileSync } from 'node:fs';
       import { threadId } from 'node:worker_threads';
       import first from './first.cjs.json';
       export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 20, iterations: 1 } } };
       const users = new SharedArray('users', () => {
         appendFileSync('${made}', threadId + '\\n');
         return JSON.parse(open('./users.json'));
       });
       const bytes = open('./bytes.bin', 'b');
       first.users ??= users; first.bytes ??= bytes;
       const refused = (run) => { try { run(); return false; } catch (error) { return error instanceof TypeError; } };
       export default function () {
         const names = []; for (const { name } of users) names.push(name);
         check(users, {
           'an array': (a) => Array.isArray(a) && a.length === 2 && a[1].name === 'two' && a.at(-1) === a[1],
           iterated: names.join() === '一,two' && users.map((user) => user.name).join() === names.join(),
           'same for all': first.users === users && first.bytes === bytes,
           'no new row': refused(() => users.push({})) && refused(() => users.sort()),
           'no other name': refused(() => { 'use strict'; users[0].name = 'x'; }) && users[0].name === '一',
           'frozen to its depths': refused(() => users[0].tags.push('b')),
         });
       }`,
    );
    folder.write('first.cjs.json', '{}');
    const summary = await runToEnd(file, settings(undefined, { workers: 2 }));
    assert.deepEqual(summary.errors, []);
    assert.ok(summary.checks.length === 6);
    for (const { name, passes, fails } of summary.checks) assert.deepEqual([name, passes, fails], [name, 20, 0]);
    const threads = readFileSync(made, 'utf8').trim().split('\n');
    assert.deepEqual([threads.length, new Set(threads).size], [3, 3], 'two workers, and the thread that reads options');
  });

  it('is opened as text or bytes, by a path from the folder of the scenario, imported or not', async () => {
    folder.write('deep/er.ts', `export const text = open('./users.json');\n`);
    const file = folder.write(
      'opening.ts',
      `import { check, open as opened } from 'tokenswarm';
       import { text } from './deep/er.js';
       const same = opened('${folder.path}/users.json') === text;
       const bytes = open('bytes.bin', 'b');
       export default function () {
         check(0, {
           'text from another file': JSON.parse(text)[0].name === '一',
           'absolute path': same,
           bytes: bytes instanceof ArrayBuffer && bytes.byteLength === 5 && new TextDecoder().decode(bytes) === 'ab你',
         });
       }`,
    );
    const { checks, errors } = await runToEnd(file, settings(undefined));
    assert.deepEqual([errors, checks.map(({ fails }) => fails)], [[], [0, 0, 0]]);
  });

  const wrong: readonly [string, string, RegExp][] = [
    ['a file that is not there', `open('./none.json');`, /none\.json: there is no such file/],
    ['what is no path', `open(5);`, /wrong\.ts:2:1: open: expected a path, got 5/],
    [
      'a shared array without a name',
      `new SharedArray('', () => []);`,
      /wrong\.ts:2:1: SharedArray: expected a name, got ""/,
    ],
    ['one without a function', `new SharedArray('a', []);`, /SharedArray "a": expected a function that makes it/],
    [
      'one of a promise',
      `new SharedArray('a', async () => []);`,
      /SharedArray "a": its function has to return an array/,
    ],
    ['one whose function throws', `new SharedArray('a', () => JSON.parse('{'));`, /wrong\.ts:2:33: /],
  ];
  for (const [what, code, message] of wrong) {
    it(`refuses ${what} before the load, with its place`, async () => {
      const file = folder.write(
        'wrong.ts',
        `import { SharedArray } from 'tokenswarm';\n${code}\nexport default () => 1;`,
      );
      const { code: exitCode, stderr } = await tokenswarm(['run', file]);
      // A file that is missing is a mistake of the set-up, as a data set's.
      assert.equal(exitCode, code.startsWith("open('") ? 104 : 107, stderr);
      assert.match(stderr, message);
    });
  }

  it('belongs at the top of the file', async () => {
    const file = folder.write(
      'late.ts',
      `import { SharedArray } from 'tokenswarm';
       export const options = { iterations: 2 };
       export default function () { if (__ITER === 0) open('./users.json'); new SharedArray('a', () => []); }`,
    );
    const { errors } = await runToEnd(file, settings(undefined));
    const messages = errors.map(({ message }) => message);
    assert.deepEqual(messages.sort(), [
      'a SharedArray has to be made at the top of the scenario file',
      'open() belongs at the top of the scenario file',
    ]);
  });
});

describe('the draws of a script', () => {
  const folder = testFolder();

  it('from random() start anew with randomSeed(), for each user by itself', async () => {
    const file = folder.write(
      'seeded.ts',
      `import { check, random, randomSeed } from 'tokenswarm';
       import { appendFileSync } from 'node:fs';
       export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };
       export default function () {
         const before = random();
         randomSeed(42);
         appendFileSync('${folder.path}/drawn', [before, random(), random()].join() + '\\n');
         try { randomSeed('x'); } catch (error) { check(error.message, { [error.message]: true }); }
       }`,
    );
    const { errors, checks } = await runToEnd(file, settings(undefined, { workers: 2 }));
    assert.deepEqual(errors, []);
    assert.equal(checks[0]?.name, 'randomSeed: expected a whole number, got "x"');
    const lines = readFileSync(join(folder.path, 'drawn'), 'utf8').trim().split('\n');
    const drawn = lines.map((line) => line.split(','));
    assert.equal(drawn.length, 6);
    assert.equal(new Set(drawn.map(([, ...rest]) => rest.join())).size, 1, 'the same two after each seed');
    assert.equal(new Set(drawn.map(([before]) => before)).size, 4, 'three users, and the third draw of the seed');
  });
});
