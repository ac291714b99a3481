import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { run, type UserError } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { whole } from '../support/scripts.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('a failure in a run', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  it('takes a failed request as data: counted by kind, with its message, and in no latency', async () => {
    const file = folder.write(
      'failing.ts',
      `import { chat } from 'tokenswarm';
       export const options = { iterations: 3 };
       export default async function () {
         const answer = await chat({ messages: 'hi', model: 'no such model' });
         if (answer.ok || answer.failure?.kind !== 'http_status' || answer.status !== 404) throw new Error(JSON.stringify(answer));
       }`,
    );
    const summary = await runToEnd(file, settings(simulator.url));
    assert.deepEqual(summary.errors, []);
    assert.deepEqual([whole(summary, 'llm_requests').count, whole(summary, 'llm_failed').rate], [3, 1]);
    assert.equal(summary.metrics.llm_ttft, undefined);
    const [failure] = summary.failures;
    assert.deepEqual([failure?.kind, failure?.status, failure?.count], ['http_status', 404, 3]);
    assert.match(failure?.message ?? '', /does not exist/);
  });

  it('tries again where the server is busy and the script wants that; every attempt counts', async () => {
    const file = folder.write(
      'retry.ts',
      `import { chat, check, Counter } from 'tokenswarm';
       export const options = { vus: 3, iterations: 30 };
       const attempts = new Counter('attempts');
       export default async function () {
         const model = 'sim-503-p50-retry0-ttft1-itl1-len3';
         const answer = await chat({ messages: 'hi', model, retry: { attempts: 50 } });
         check(answer, { answered: (a) => a.ok && a.outputTokens === 3 });
         attempts.add(answer.attempts);
       }`,
    );
    const summary = await runToEnd(file, settings(simulator.url));
    assert.deepEqual(summary.errors, []);
    assert.deepEqual(
      summary.checks.map(({ passes, fails }) => [passes, fails]),
      [[30, 0]],
    );
    const [failure, ...others] = summary.failures;
    assert.deepEqual([failure?.kind, failure?.status, others], ['http_status', 503, []]);
    assert.ok((failure?.count ?? 0) > 5);
    assert.equal(whole(summary, 'llm_requests').count, 30 + (failure?.count ?? 0));
    assert.equal(whole(summary, 'attempts').count, whole(summary, 'llm_requests').count);
  });

  it('counts an exception of the script, shows its place, and goes on', async () => {
    const file = folder.write(
      'throwing.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { iterations: 5 };
       export default async function () {
         await sleep(0.001);
         if (__ITER % 2 === 0) {
           throw new RangeError('number ' + __ITER);
         }
         void Promise.reject(new Error('floating'));
       }`,
    );
    const summary = await runToEnd(file, settings(simulator.url));
    assert.equal(summary.run.exitCode, 0);
    assert.equal(whole(summary, 'iterations').count, 5);
    const thrown = summary.errors.find(({ message }) => message.startsWith('number'));
    assert.equal(thrown?.count, 3);
    assert.match(thrown?.where ?? '', /throwing\.ts:6:18$/);
    assert.equal(summary.errors.find(({ message }) => message.startsWith('floating'))?.count, 2);
  });

  it('ends early, with 107, when every iteration throws before a request', async () => {
    const file = folder.write(
      'spelling.js',
      `import { chat } from 'tokenswarm';
       export const options = { duration: '60s', vus: 2, thresholds: { llm_failed: ['rate<0.01'] } };
       export default () => chat({ messages: 'hi', max_tokens: 20 });`,
    );
    const { run, quality } = await runToEnd(file, settings(simulator.url));
    assert.deepEqual([run.exitCode, run.outcome], [107, 'failed']);
    assert.match(
      run.reason ?? '',
      /^no request was sent, every iteration threw: \S+spelling\.js:3:\d+: chat does not know the field max_tokens; did you mean "maxTokens"\?$/,
    );
    assert.doesNotMatch(quality.reasons.join(), /use more workers/);
    const once = await runToEnd(file, settings(simulator.url, { vus: 1, iterations: 1 }));
    assert.equal(once.run.exitCode, 107, 'a single iteration that throws is every iteration');
  });

  it('ends early, with 107, when no call is awaited and all throw', async () => {
    const file = folder.write(
      'floating.js',
      `import { chat, sleep } from 'tokenswarm';
       export const options = { duration: '60s', vus: 2 };
       export default async function () { chat('hi'); await sleep('20ms'); }`,
    );
    const { run } = await runToEnd(file, settings(simulator.url));
    assert.equal(run.exitCode, 107);
    assert.match(run.reason ?? '', /^no request was sent, every iteration threw: .* got "hi" \(in a promise/);
  });

  it('is invalid where requests outlive their iterations, and warns during the load', async () => {
    const file = folder.write(
      'careless.js',
      `import { chat, sleep } from 'tokenswarm';
       export const options = { vus: 2, iterations: 20, thresholds: { llm_failed: ['rate<0.01'] } };
       export default async function () { chat({ messages: 'hi', model: 'sim-ttft150' }); await sleep('20ms'); }`,
    );
    const running = run(file, settings(simulator.url), 'program');
    const told = new Set<string>();
    for await (const { warnings } of running) for (const warning of warnings) told.add(warning);
    const { quality, warnings } = await running.summary;
    assert.equal(quality.verdict, 'invalid');
    assert.equal(quality.reasons[0], '20 requests outlived their iteration: is an await missing at chat?');
    assert.deepEqual([...told], ['requests outlive their iteration: is an await missing at chat?']);
    assert.deepEqual(warnings, [], 'the verdict says it');
  });

  it('fails with 99 when a threshold is crossed, and ends early where it says so', async () => {
    const file = folder.write(
      'crossed.ts',
      `import { chat, Rate } from 'tokenswarm';
       const fine = new Rate('fine');
       export const options = { vus: 2, duration: '1m', thresholds: { fine: [{ threshold: 'rate>0.5', abortOnFail: true }], llm_ttft: ['p(95)<1'] } };
       export default async function () { await chat({ messages: 'hi' }); fine.add(false); }`,
    );
    const summary = await runToEnd(file, settings(simulator.url));
    assert.deepEqual([summary.run.exitCode, summary.run.outcome], [99, 'aborted']);
    assert.match(summary.run.reason ?? '', /the threshold fine rate>0.5 was crossed/);
    assert.ok(summary.run.seconds < 10, `${summary.run.seconds} s`);
    assert.deepEqual(
      summary.thresholds.map(({ ok }) => ok),
      [false, false],
    );
  });

  it('ends with 108 when the script aborts the test', async () => {
    const file = folder.write(
      'abort.ts',
      `import { exec, sleep } from 'tokenswarm';
       export const options = { vus: 3, duration: '1m' };
       export default async function () { await sleep(0.01); if (__VU === 2) exec.test.abort('enough'); }
       export function teardown() { throw new Error('left open'); }`,
    );
    const summary = await runToEnd(file, settings(simulator.url, { workers: 2 }));
    assert.deepEqual([summary.run.exitCode, summary.run.outcome, summary.run.reason], [108, 'aborted', 'enough']);
    assert.ok(
      summary.warnings.some((text) => text.startsWith('teardown() failed: Error: left open')),
      'a teardown that fails after that is told as well',
    );
  });

  it('refuses with 107 a setup that throws, with 100 one that takes too long, and keeps a teardown that throws', async () => {
    const body = 'export default async function () {}';
    const throwing = folder.write('setup.ts', `export function setup() { throw new Error('no token'); }\n${body}`);
    await assert.rejects(runToEnd(throwing, settings(simulator.url)), (error: UserError) => {
      assert.deepEqual([error.exitCode, error.message.includes('setup() failed: Error: no token')], [107, true]);
      assert.match(error.where ?? '', /setup\.ts:1:33/);
      return true;
    });
    const slow = folder.write(
      'slow.ts',
      `import { sleep } from 'tokenswarm'; export const options = { setupTimeout: '50ms' }; export async function setup() { await sleep(60); }\n${body}`,
    );
    await assert.rejects(runToEnd(slow, settings(simulator.url)), { exitCode: 100 });
    const after = folder.write('teardown.ts', `export function teardown() { throw new Error('late'); }\n${body}`);
    const summary = await runToEnd(after, settings(simulator.url));
    assert.deepEqual(
      [summary.run.exitCode, summary.run.outcome, whole(summary, 'iterations').count],
      [107, 'failed', 1],
    );
  });

  it('keeps what was measured when a worker dies, and says what is missing', async () => {
    const file = folder.write(
      'dying.ts',
      `import { chat } from 'tokenswarm';
       export const options = { vus: 2, duration: '3s' };
       export default async function () { await chat({ messages: 'hi' }); if (__VU === 2 && __ITER === 40) process.exit(3); }`,
    );
    const summary = await runToEnd(file, settings(simulator.url, { workers: 2 }));
    assert.match(summary.run.missing[0] ?? '', /worker 2 was ended .* into the load by process\.exit\(3\)/);
    assert.deepEqual([summary.quality.verdict, summary.run.exitCode], ['invalid', 107]);
    // A busy machine starves one of the users, not both.
    assert.ok((whole(summary, 'iterations').count ?? 0) > 20);
  });

  it('starts no thread after its end', async () => {
    const file = folder.write(
      'stuck.ts',
      `import { execFileSync } from 'node:child_process';
       export const options = { vus: 1, duration: '1s' };
       export default () => { execFileSync('sleep', ['3']); };`,
    );
    const started: Worker[] = [];
    const note = (worker: Worker) => void started.push(worker);
    process.on('worker', note);
    try {
      const { run } = await runToEnd(file, settings(simulator.url, { workers: 1 }), { silence: 500 });
      assert.match(run.missing[0] ?? '', /blocked its thread/);
      const left = started.find(({ threadId }) => threadId >= 0);
      assert.ok(left, 'the blocked thread goes on until its call returns');
      const before = started.length;
      await once(left, 'exit');
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(started.length, before);
    } finally {
      process.off('worker', note);
    }
  });
});
