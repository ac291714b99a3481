import assert from 'node:assert/strict';
import type { Summary } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { virtualTime } from '../support/virtual-time.js';

/** Passes and fails of every check, by its path. */
function checksOf(summary: Summary): Record<string, readonly [number, number]> {
  return Object.fromEntries(
    summary.checks.map(({ group, name, passes, fails }) => [`${group}::${name}`, [passes, fails]]),
  );
}

/** Durations by the path of the group: how many, and their mean. */
function durationsOf(summary: Summary): Record<string, Readonly<Record<string, number>>> {
  return Object.fromEntries(
    (summary.metrics.group_duration?.series ?? []).map(({ tags, values }) => [tags.group ?? '', values]),
  );
}

describe('groups', () => {
  const folder = testFolder();
  const time = virtualTime();

  it('tag the samples taken in them, also where several run at once and end in another order', async () => {
    const file = folder.write(
      'nested.ts',
      `import { chat, check, Counter, exec, group, sleep } from 'tokenswarm';
       const seen = new Counter('seen');
       const here = () => exec.vu.tags.group;
       export const options = {
         vus: 4,
         iterations: 20,
         thresholds: { 'llm_requests{group:::a::b}': ['count==20'], 'seen{group:::c}': ['count==20'], 'seen{group:}': ['count==40'] },
       };
       export function setup() { check(0, { 'set up': here() === '::setup' }); group('deep', () => check(0, { deep: here() === '::setup::deep' })); }
       export default async function () {
         const answer = await group('a', async () => {
           const first = group('b', () => chat({ messages: 'hi' }));
           check(0, { 'in a at once': here() === '::a' });
           const answer = await first;
           check(0, { 'in a later': here() === '::a' });
           return answer;
         });
         seen.add(1);
         await Promise.all([
           group('c', async () => { await sleep('5ms'); seen.add(1); check(0, { 'in c': here() === '::c' }); }),
           group('d', async () => { await sleep('1ms'); await null; check(0, { 'in d': here() === '::d' }); await sleep('2ms'); }),
         ]);
         seen.add(1);
         await chat({ messages: 'hi' });
         const five = group('sync', () => { check(0, { 'in sync': here() === '::sync' }); return 5; });
         check(answer, { answered: (a) => a.ok, returned: five === 5, 'at the root': here() === '' });
       }`,
    );
    const summary = await time.runToEnd(file, settings(time.url, { workers: 2 }));
    assert.deepEqual(summary.errors, []);
    const held = (paths: readonly string[], times: number) => paths.map((path) => [path, [times, 0]]);
    assert.deepEqual(
      Object.entries(checksOf(summary)).sort(),
      [
        ...held(['::setup::set up', '::setup::deep::deep'], 1),
        ...held(['::a::in a at once', '::a::in a later', '::c::in c', '::d::in d', '::sync::in sync'], 20),
        ...held(['::answered', '::returned', '::at the root'], 20),
      ].sort(),
    );
    assert.deepEqual(
      summary.thresholds.map(({ observed }) => observed),
      [20, 20, 40],
    );
    assert.equal(summary.metrics.llm_requests?.values.count, 40);
    const durations = durationsOf(summary);
    assert.deepEqual(Object.keys(durations).sort(), ['::a', '::a::b', '::c', '::d', '::sync']);
    for (const { count } of Object.values(durations)) assert.equal(count, 20);
    assert.ok((durations['::c']?.min ?? 0) >= 3.9, 'the time of an async group is that until it ends');
    assert.ok((durations['::a']?.avg ?? 0) >= (durations['::a::b']?.avg ?? 0));
  });

  it('throw the error of their function, and their time is still recorded', async () => {
    const file = folder.write(
      'throwing.ts',
      `import { group, sleep } from 'tokenswarm';
       export const options = { iterations: 2 };
       export default async function () {
         try { group('sync', () => { throw new Error('caught'); }); } catch (error) { if (error.message !== 'caught') throw error; }
         await group('async', async () => { await sleep('3ms'); throw new RangeError('out of the group'); });
       }`,
    );
    const summary = await time.runToEnd(file, settings(undefined));
    assert.deepEqual(
      summary.errors.map(({ message, count }) => [message, count]),
      [['out of the group', 2]],
    );
    assert.match(summary.errors[0]?.where ?? '', /throwing\.ts:5:\d+$/);
    const durations = durationsOf(summary);
    assert.deepEqual([durations['::sync']?.count, durations['::async']?.count], [2, 2]);
    assert.ok((durations['::async']?.min ?? 0) >= 1.9);
  });

  it('that are interrupted are in no figure', async () => {
    const file = folder.write(
      'interrupted.ts',
      `import { group, sleep } from 'tokenswarm';
       export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '50ms' } } };
       export default async function () { await group('short', async () => sleep('1ms')); await group('long', () => sleep('1m')); }`,
    );
    const durations = durationsOf(await time.runToEnd(file, settings(undefined)));
    assert.deepEqual([Object.keys(durations), durations['::short']?.count], [['::short'], 2]);
  });

  it('need a name that is no path, a function, and a place in a function', async () => {
    const file = folder.write(
      'wrong.ts',
      `import { check, group } from 'tokenswarm';
       const said = (run) => { try { run(); } catch (error) { return error.message; } };
       const early = said(() => group('a', () => 1));
       export default function () {
         check(0, {
           [early]: true,
           [said(() => group('', () => 1))]: true,
           [said(() => group('a::b', () => 1))]: true,
           [said(() => group(5, () => 1))]: true,
           [said(() => group('a'))]: true,
         });
       }`,
    );
    const summary = await time.runToEnd(file, settings(undefined));
    assert.deepEqual(
      summary.checks.map(({ name }) => name),
      [
        'group() belongs into a function; the top of the file is run for every VU',
        'group: expected a name without "::", got ""',
        'group: expected a name without "::", got "a::b"',
        'group: expected a name without "::", got 5',
        'group "a": expected a function',
      ],
    );
  });
});
