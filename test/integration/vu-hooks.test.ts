import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { run, tryOnce, type UserError } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { notes, noteTo, whole } from '../support/scripts.js';
import { virtualTime } from '../support/virtual-time.js';

interface Note {
  readonly what: string;
  readonly vu: number;
  readonly at: number;
}

describe('vuSetup and vuTeardown', () => {
  const folder = testFolder();
  const time = virtualTime();

  /** Scenario that logs all its calls in order and checks their arguments. */
  function telling(name: string, options: string, more = ''): string {
    return folder.write(
      `${name}.ts`,
      `import { chat, check, exec, sleep } from 'tokenswarm';
       ${noteTo(folder)}
       const tell = (what: string) => note('${name}', { what, vu: __VU, at: Number(process.hrtime.bigint()) / 1e6 });
       export const options = ${options};
       type Mine = { vu: number; turns: number };
       export async function setup() { tell('setup'); return { word: 'hi', seen: 0 }; }
       export async function vuSetup(data: { word: string; seen: number }) {
         data.seen += 1;
         await chat({ messages: data.word, name: 'login' });
         check(data, { 'has a copy of its own': (d) => d.seen === 1 });
         ${more}
         tell('vuSetup');
         return { vu: __VU, turns: 0 };
       }
       export default async function (data: { word: string; seen: number }, mine: Mine) {
         mine.turns += 1;
         check(mine, { 'is its own': (m) => m.vu === __VU && m.turns === __ITER + 1, 'data is fresh': () => data.seen === 0 });
         tell('iteration');
         await chat({ messages: data.word });
         await sleep(0.02);
       }
       export function vuTeardown(data: { word: string }, mine: Mine) {
         check(mine, { 'is told what it had': (m) => m.vu === __VU && data.word === 'hi' });
         tell('vuTeardown');
       }
       export function teardown() { tell('teardown'); }`,
    );
  }

  /** The instants of what was done, by what it was. */
  function told(name: string): (what: string) => readonly Note[] {
    const all = notes<Note>(folder, name);
    return (what) => all.filter((note) => note.what === what);
  }

  function idsOf(noted: readonly Note[]): number[] {
    return noted.map(({ vu }) => vu).sort((a, b) => a - b);
  }

  const first = (noted: readonly Note[]) => Math.min(...noted.map(({ at }) => at));
  const last = (noted: readonly Note[]) => Math.max(...noted.map(({ at }) => at));

  it('run once for each VU, after setup and before the load, and after it and before teardown', async () => {
    const options = `{ scenarios: {
      a: { executor: 'per-vu-iterations', vus: 25, iterations: 2 },
      b: { executor: 'per-vu-iterations', vus: 2, iterations: 1, startTime: '200ms' },
    }, thresholds: { checks: ['rate==1'] } }`;
    const summary = await time.runToEnd(telling('once', options), settings(time.url, { workers: 2 }));
    assert.deepEqual([summary.errors, summary.run.exitCode], [[], 0]);
    const of = told('once');
    const everyone = Array.from({ length: 27 }, (_, i) => i + 1);
    assert.deepEqual(idsOf(of('vuSetup')), everyone);
    assert.deepEqual(idsOf(of('vuTeardown')), everyone);
    assert.ok(last(of('setup')) < first(of('vuSetup')));
    assert.ok(last(of('vuSetup')) < first(of('iteration')));
    assert.ok(last(of('iteration')) < first(of('vuTeardown')));
    assert.ok(last(of('vuTeardown')) < first(of('teardown')));
    assert.equal(whole(summary, 'llm_requests').count, 52, 'logins are not counted');
    const checks = Object.fromEntries(
      summary.checks.map(({ name, scenario, passes }) => [`${scenario} ${name}`, passes]),
    );
    assert.deepEqual(
      [checks['a has a copy of its own'], checks['b is told what it had'], checks['a is its own']],
      [25, 2, 50],
    );
  });

  it('run for a VU that is made during the load, and their requests are not counted', async () => {
    const rate = `{ executor: 'constant-arrival-rate', rate: 20, duration: '2s', preAllocatedVUs: 1, maxVUs: 3 }`;
    const file = telling('unplanned', `{ scenarios: { a: ${rate} } }`);
    const summary = await time.runToEnd(file, settings(time.url, { workers: 1 }, 'sim-ttft200-itl1-len2'));
    assert.deepEqual(summary.errors, []);
    const of = told('unplanned');
    assert.deepEqual(idsOf(of('vuSetup')), [1, 2, 3]);
    assert.deepEqual(idsOf(of('vuTeardown')), [1, 2, 3]);
    for (const vu of [2, 3]) {
      const mine = (what: string) => of(what).filter((note) => note.vu === vu);
      assert.ok(last(mine('vuSetup')) < first(mine('iteration')));
    }
    assert.equal(whole(summary, 'llm_requests').count, whole(summary, 'iterations').count);
    assert.deepEqual(summary.metrics.llm_ttft?.series, undefined, 'there is no row for login');
    assert.ok(summary.checks.every(({ fails }) => fails === 0));
  });

  it('tear down after a drain as well', async () => {
    const file = telling('drained', `{ vus: 3, duration: '10m' }`);
    const summary = await time.runToEnd(file, settings(time.url, { workers: 2 }), ({ elapsed }, running) => {
      if (elapsed > 1000) running.drain();
    });
    assert.equal(summary.run.exitCode, 105);
    assert.deepEqual(idsOf(told('drained')('vuTeardown')), [1, 2, 3]);
    assert.equal(told('drained')('teardown').length, 1);
  });

  const BODY = 'export default async function () { await sleep(0.02); }';
  const TWO = "import { sleep } from 'tokenswarm'; export const options = { vus: 2, iterations: 2";

  it('end the run before the load with 107 when one throws, and with 100 when one is late', async () => {
    const throwing = folder.write(
      'throwing.ts',
      `${TWO} };\nexport function vuSetup() { if (__VU === 2) throw new Error('no login'); }\n${BODY}`,
    );
    await assert.rejects(time.runToEnd(throwing, settings(undefined, { workers: 2 })), (error: UserError) => {
      assert.equal(error.exitCode, 107);
      assert.match(error.message, /^vuSetup\(\) failed: Error: no login/);
      assert.match(error.where ?? '', /throwing\.ts:2:51$/);
      return true;
    });
    const slow = folder.write(
      'slow.ts',
      `${TWO}, setupTimeout: '50ms' };\nexport async function vuSetup() { await sleep(60); }\n${BODY}`,
    );
    await assert.rejects(time.runToEnd(slow, settings(undefined)), (error: UserError) => {
      assert.deepEqual([error.exitCode, error.where], [100, 'options.setupTimeout']);
      assert.match(error.message, /vuSetup\(\) took longer than 0\.05 s/);
      return true;
    });
  });

  it('end the run when one throws for a VU that is made during the load', async () => {
    const file = folder.write(
      'meanwhile.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 20, duration: '1m', preAllocatedVUs: 1, maxVUs: 3 } } };
       export function vuSetup() { if (__VU > 1) throw new Error('no login'); }
       export default async function () { await sleep(0.3); }`,
    );
    const { run: ran } = await time.runToEnd(file, settings(undefined));
    assert.deepEqual([ran.exitCode, ran.outcome], [107, 'failed']);
    assert.match(ran.reason ?? '', /vuSetup\(\) failed: Error: no login/);
  });

  it('keep the summary when one fails after the load, and run the other teardowns', async () => {
    for (const [hook, exitCode] of [
      ["export function vuTeardown() { note('rest', 'vu'); throw new Error('late'); }", 107],
      ["export async function vuTeardown() { note('rest', 'vu'); await sleep(60); }", 101],
    ] as const) {
      const file = folder.write(
        'rest.ts',
        `${TWO}, teardownTimeout: '50ms' };\n${noteTo(folder)}\n${hook}\nexport function teardown() { note('rest', 'all'); }\n${BODY}`,
      );
      const summary = await time.runToEnd(file, settings(undefined));
      assert.deepEqual([summary.run.exitCode, summary.run.outcome], [exitCode, 'failed']);
      assert.match(summary.run.reason ?? '', /vuTeardown\(\)/);
      assert.equal(whole(summary, 'iterations').count, 2);
    }
    assert.deepEqual(notes<string>(folder, 'rest'), ['vu', 'vu', 'all', 'vu', 'vu', 'all']);
  });

  it('are cut short when the user aborts', async () => {
    for (const abortAt of ['vuTeardown', 'iteration'] as const) {
      const noted = folder.write(abortAt, '');
      const file = folder.write(
        'hanging.ts',
        `${TWO} };\n${noteTo(folder)}
         export async function vuTeardown() { note('vuTeardown', ''); await sleep(50); }
         export default async function () { if ('${abortAt}' === 'iteration') { note('iteration', ''); await sleep(50); } }`,
      );
      const running = run(file, settings(undefined));
      const watching = (async () => {
        while (readFileSync(noted, 'utf8') !== '""\n""\n') await new Promise((resolve) => setTimeout(resolve, 20));
        running.abort();
      })();
      const { run: ran, warnings } = await running.summary;
      await watching;
      assert.deepEqual([ran.exitCode, ran.outcome], [105, 'interrupted']);
      assert.deepEqual(warnings, ['vuTeardown() failed: vuTeardown() was interrupted by the user']);
    }
  }).timeout(40_000);

  it('are rehearsed by try, which shows the requests of the iteration only', async () => {
    const file = telling('tried', '{ vus: 5, iterations: 5 }');
    const trial = await time.clock.until(tryOnce(file, settings(time.url), 'program', time.timing));
    assert.equal(trial.error, undefined);
    assert.deepEqual(
      trial.requests.map(({ exchange }) => exchange.name),
      ['chat'],
    );
    const order = notes<Note>(folder, 'tried').map(({ what }) => what);
    assert.deepEqual(order, ['setup', 'vuSetup', 'iteration', 'vuTeardown', 'teardown']);
    const failing = folder.write(
      'tried-badly.ts',
      `export function vuSetup() { throw new Error('no login'); }\nexport default function () {}`,
    );
    await assert.rejects(tryOnce(failing, settings(undefined)), {
      exitCode: 107,
      message: /^vuSetup\(\) failed: Error: no login\n/,
    });
  });
});
