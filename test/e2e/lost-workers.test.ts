import assert from 'node:assert/strict';
import { startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const CHAT = `import { chat, check, sleep } from 'tokenswarm';\n`;
const MISSING = /\. Its figures end \d+\.\d s into the load$/;

describe('a worker', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  function args(name: string, body: string, ...more: readonly string[]): string[] {
    const file = folder.write(`${name}.ts`, CHAT + body);
    const target = ['--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5'];
    return ['run', file, ...target, '--workers', '2', '--out', `json=${folder.path}/${name}.json`, ...more];
  }

  it('that is blocked by a user is stopped and named; the others go on, teardown runs, and the exit code is 107', async function () {
    this.timeout(60_000);
    const body = `
      export const options = { scenarios: { talk: { executor: 'constant-vus', vus: 6, duration: '5s', exec: 'talk' } } };
      export async function talk() {
        await chat({ messages: 'hi' });
        if (__VU === 4 && __ITER === 40) while (true);
      }
      export function teardown() { check(1, { 'torn down': () => true }); }`;
    const { code, stdout, stderr } = await tokenswarm(args('blocked', body), { limits: { silence: 2000 } });
    assert.equal(code, 107);
    const { run, quality, checks, metrics, requests, plan } = folder.summary('blocked.json');
    assert.equal(run.outcome, 'completed');
    const [missing = '', ...others] = run.missing;
    assert.deepEqual(others, []);
    assert.match(missing, /^worker 2 was stopped \d\.\d s into the load: user 4 of scenario "talk" blocked its thread/);
    assert.match(missing, /for 2 s, in its iteration 40\./);
    assert.match(missing, MISSING);
    assert.equal(quality.verdict, 'invalid');
    assert.deepEqual(
      checks.map(({ passes }) => passes),
      [1],
    );
    const { count = 0 } = metrics.iterations?.windows.whole ?? {};
    assert.ok(count > 200, `${count} iterations, most of them of worker 1`);
    assert.equal(plan.maxVus, 6);
    assert.ok(requests.censored <= 3);
    for (const shown of [stdout, stderr]) assert.match(shown.replace(/\s+/g, ' '), /user 4 of scenario "talk"/);
  });

  it('that is kept for a second is not taken for blocked', async () => {
    const body = `
      export const options = { vus: 2, iterations: 2 };
      export default async function () {
        await chat({ messages: 'hi' });
        for (const until = Date.now() + 1000; Date.now() < until; );
      }`;
    const { code, stdout } = await tokenswarm(args('honest', body));
    assert.equal(code, 0, stdout);
    assert.deepEqual(folder.summary('honest.json').run.missing, []);
  });

  it('that is blocked does not outlive the second Ctrl-C by more than a moment', async function () {
    this.timeout(60_000);
    const body = `
      export const options = { vus: 2, duration: '10m' };
      export default async function () {
        await chat({ messages: 'hi' });
        if (__VU === 2 && __ITER > 10) while (true);
      }`;
    const running = startTokenswarm(args('hurry', body));
    await running.saw(/[1-9]\d* req/);
    running.signal('SIGINT');
    await running.saw('again to stop at once');
    const asked = performance.now();
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    const took = performance.now() - asked;
    assert.equal(code, 105, stdout);
    assert.ok(took < 5000, `${took} ms`);
    const { run, metrics } = folder.summary('hurry.json');
    assert.match(
      run.missing[0] ?? '',
      /^worker 2 was stopped .*: user 2 of scenario "default" blocked its thread for 1 s/,
    );
    // Worker 2 had no more than 11.
    assert.ok((metrics.iterations?.windows.whole?.count ?? 0) > 11, 'those of worker 1');
  });

  it('that is blocked at the top of the file, by a user of the load, stops the run before the load', async function () {
    this.timeout(60_000);
    const body = 'if (__VU === 2) while (true);\nexport default async function () {}';
    const { code, stderr } = await tokenswarm(args('top', body, '-u', '2', '-d', '1s'), { limits: { silence: 1000 } });
    assert.equal(code, 107);
    assert.match(
      stderr,
      /worker 2 was stopped before the load started: user 2 .* for 1 s, at the top of the scenario file/,
    );
  });

  it('that runs out of memory ends alone, and what it had reported stays counted', async () => {
    const body = `
      const hoard: unknown[] = [];
      export const options = { scenarios: { hoard: { executor: 'constant-vus', vus: 2, duration: '6s' } } };
      export default async function () {
        await chat({ messages: 'hi' });
        if (__VU === 1 || __ITER < 40) return;
        for (let i = 0; i < 3000; i += 1) hoard.push({ i, list: new Array(50).fill(i) });
      }`;
    const { code } = await tokenswarm(args('memory', body), {
      env: { NODE_OPTIONS: '--max-old-space-size=80' },
      alone: true,
    });
    assert.equal(code, 107);
    const { run, metrics, quality } = folder.summary('memory.json');
    assert.match(
      run.missing[0] ?? '',
      /^worker 2 ran out of memory \d\.\d s into the load; user 2 of scenario "hoard" was/,
    );
    assert.equal(quality.verdict, 'invalid');
    assert.ok(run.seconds > 5.5, 'worker 1 went on to the end');
    assert.ok((metrics.iterations?.windows.whole?.count ?? 0) > 60);
  });

  it('that its script ends with process.exit() has told all before, and what it had in flight is censored', async () => {
    const body = `
      export const options = { vus: 4, duration: '3s' };
      export default async function () {
        if (__VU === 4) { await sleep(1.3); process.exit(3); }
        await chat({ messages: 'hi', model: __VU === 2 ? 'sim-ttft5-itl1000-len100' : 'sim-ttft5-itl1-len5' });
      }`;
    const { code } = await tokenswarm(args('exit', body));
    assert.equal(code, 107);
    const { run, requests, metrics } = folder.summary('exit.json');
    const told = run.missing[0] ?? '';
    const [, at] = /^worker 2 was ended (\d\.\d) s into the load by process\.exit\(3\); user 4/.exec(told) ?? [];
    const [, until] = /Its figures end (\d\.\d) s into the load$/.exec(told) ?? [];
    // The thread's end is seen a little after its last report; without one before leaving, the figures would end at 1.0 s.
    assert.ok(Math.abs(Number(at) - Number(until)) < 0.25, told);
    assert.equal(requests.censored, 1);
    assert.equal(metrics.interrupted_iterations?.windows.whole?.count, 2);
  });

  it('ends the run when it is the last, with a summary', async function () {
    this.timeout(60_000);
    const body = `
      export const options = { vus: 2, duration: '10m' };
      export default async function () { await chat({ messages: 'hi' }); if (__ITER === 200) process.exit(0); }
      export function teardown() {}`;
    const { code, stdout } = await tokenswarm(args('last', body));
    assert.equal(code, 107);
    const { run, metrics } = folder.summary('last.json');
    assert.deepEqual([run.outcome, run.reason, run.missing.length], ['failed', 'no worker is left', 2]);
    assert.equal(metrics.llm_requests?.windows.whole?.count, 402);
    assert.match(stdout, /LATENCY/);
  });

  it('counts exceptions of timers as errors of the script, and goes on', async () => {
    const body = `
      export const options = { iterations: 3 };
      setTimeout(() => { throw new Error('too early'); }, 1);
      export default async function () {
        setTimeout(() => { throw new RangeError('in a timer'); }, 1);
        setTimeout(() => { throw 'a text'; }, 1);
        await chat({ messages: 'hi' });
        await sleep(0.1);
      }`;
    const { code, stderr } = await tokenswarm(args('timer', body), { alone: true });
    assert.equal(code, 107, 'the top is read in the main thread as well');
    assert.match(stderr, /timer\.ts:4:\d+: too early \(in a callback that nothing awaits\)/);
    const { run, errors, metrics } = folder.summary('timer.json');
    assert.deepEqual([run.exitCode, run.missing], [0, []]);
    const counts = Object.fromEntries(errors.map(({ message, count }) => [message, count]));
    assert.deepEqual(counts, {
      'too early (in a callback that nothing awaits)': 1,
      'in a timer (in a callback that nothing awaits)': 3,
      'a text (in a callback that nothing awaits)': 3,
    });
    assert.equal(metrics.iterations?.windows.whole?.count, 3);
  });

  it('that keeps its thread in setup is ended when the time is up, with 100; in teardown with 101 and a summary', async () => {
    const rest = 'export default async function () {}';
    const options = `export const options = { setupTimeout: '300ms', teardownTimeout: '300ms' };`;
    const early = await tokenswarm(args('setup', `${options} export function setup() { while (true); }\n${rest}`));
    assert.equal(early.code, 100, early.stderr);
    assert.match(early.stderr, /options\.setupTimeout: setup\(\) failed: setup\(\) took longer than 0\.3 s/);
    const late = await tokenswarm(args('teardown', `${options} export function teardown() { while (true); }\n${rest}`));
    assert.equal(late.code, 101, late.stderr);
    const { run, metrics } = folder.summary('teardown.json');
    assert.deepEqual([run.outcome, run.missing], ['failed', []]);
    assert.equal(metrics.iterations?.windows.whole?.count, 1);
  });

  it('that is ended by process.exit() in setup or teardown is named', async () => {
    const rest = 'export default async function () {}';
    const early = await tokenswarm(args('exit-setup', `export function setup() { process.exit(9); }\n${rest}`));
    assert.equal(early.code, 107);
    assert.match(early.stderr, /setup\(\) failed: worker 1 was ended before the load started by process\.exit\(9\)/);
    const late = await tokenswarm(args('exit-teardown', `export function teardown() { process.exit(9); }\n${rest}`));
    assert.equal(late.code, 107);
    assert.match(
      late.stdout.replace(/\s+/g, ' '),
      /teardown\(\) failed: worker 1 was ended after the load by process\.exit\(9\)/,
    );
    assert.deepEqual(folder.summary('exit-teardown.json').run.missing, []);
  });
});
