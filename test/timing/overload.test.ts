import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { Summary } from '../../engine/index.js';
import { spawnTokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { content, misbehavingServers, STREAM } from '../support/misbehaving-server.js';
import { isDisturbed, reasonsBeyondSlowness, runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** Quality reasons that blame the generator. Those of a short run or a busy machine are left out. */
function confessions(summary: Summary): readonly string[] {
  return reasonsBeyondSlowness(summary).filter((reason) => /generator|worker|was suspended/.test(reason));
}

/** Milliseconds that the thread is kept busy. */
const KEEP_BUSY = `const keepBusy = (ms: number) => { const until = performance.now() + ms; while (performance.now() < until); };`;

describe('an overloaded generator', () => {
  const folder = testFolder();
  const start = misbehavingServers();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  it('accuses itself where a script keeps the thread for a while every second', async () => {
    const file = folder.write(
      'busy.ts',
      `import { chat, sleep } from 'tokenswarm';
       ${KEEP_BUSY}
       export const options = { scenarios: {
         users: { executor: 'constant-vus', vus: 5, duration: '5s' },
         thinker: { executor: 'constant-vus', vus: 1, duration: '5s', exec: 'think' },
       } };
       export default async function () { await chat({ messages: 'hi' }); }
       export async function think() { keepBusy(300); await sleep(0.7); }`,
    );
    const summary = await runToEnd(file, settings(simulator.url, { workers: 1 }));
    assert.equal(summary.quality.verdict, 'suspect');
    const [reason = '', ...others] = confessions(summary);
    assert.deepEqual(others, []);
    const late = Number(/^the generator itself was late by ([\d.]+) ms/.exec(reason)?.[1]);
    assert.ok(late > 200 && late < 400, reason);
  });

  it('is invalid with more streams than one worker can read', async function () {
    this.timeout(60_000);
    // As much as each socket takes: whatever the machine, the reader is what is too slow.
    const events = content('好').repeat(200);
    const pour = (socket: Socket) => {
      while (!socket.destroyed && socket.write(events));
    };
    const server = await start(({ socket }) => {
      socket.write(STREAM);
      socket.on('drain', () => pour(socket));
      pour(socket);
    });
    const file = folder.write(
      'flood.ts',
      `import { chat } from 'tokenswarm';
       export const options = { scenarios: { a: { executor: 'constant-vus', vus: 40, duration: '8s', gracefulStop: '100ms' } } };
       export default async function () { await chat({ messages: 'hi', abortAfter: { tokens: 20000 } }); }`,
    );
    const summary = await runToEnd(file, settings(server.url, { workers: 1, preflight: false, reader: 'js' }));
    assert.equal(summary.quality.verdict, 'invalid', summary.quality.reasons.join('\n'));
    assert.match(confessions(summary)[0] ?? '', /^a worker was busy over 95 % of the time for \d+\.\d s: use more/);
  });

  it('tells of a thread that a script has stopped once', async () => {
    const file = folder.write(
      'stopped.ts',
      `import { chat, sleep } from 'tokenswarm';
       ${KEEP_BUSY}
       export const options = { vus: 4, duration: '4s' };
       export default async function () {
         if (__VU === 1 && __ITER === 20) keepBusy(1500);
         await chat({ messages: 'hi' });
       }`,
    );
    const summary = await runToEnd(file, settings(simulator.url, { workers: 2 }));
    assert.equal(summary.quality.verdict, 'suspect');
    const stops = confessions(summary).filter((reason) => / was (blocked|suspended) for /.test(reason));
    assert.match(stops.join('; '), /^a worker was blocked for 1\.\d s by the script or garbage collection$/);
  });

  it('tells of a pause of the whole process, and blames no worker for it', async function () {
    this.timeout(60_000);
    const file = folder.write(
      'paused.ts',
      `import { chat } from 'tokenswarm';
       export const options = { vus: 4, duration: '6s' };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    const out = `json=${folder.path}/paused.json`;
    const args = ['run', file, '--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5', '--workers', '2'];
    const { child, ended, saw } = spawnTokenswarm([...args, '--out', out]);
    await saw('00:01/00:06');
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.kill('SIGCONT');
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    const summary = folder.summary('paused.json');
    assert.equal(summary.quality.verdict, 'suspect');
    const said = confessions(summary).filter((reason) => / was (blocked|suspended) for /.test(reason));
    assert.match(said.join('; '), /^the whole process was suspended for [12]\.\d s: it or its machine was stopped$/);
    assert.doesNotMatch(summary.quality.reasons.join('; '), /worker/);
    assert.match(stdout, /! the whole process was suspended for/);
  });
});

describe('a generator that has time', () => {
  const folder = testFolder();
  const start = misbehavingServers();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  function users(name: string, duration: string): string {
    return folder.write(
      `${name}.ts`,
      `import { chat, sleep } from 'tokenswarm';
       export const options = { vus: 4, duration: '${duration}' };
       export default async function () { await chat({ messages: 'hi' }); await sleep(0.01); }`,
    );
  }

  it('has valid numbers', async function () {
    this.timeout(60_000);
    const model = 'sim-ttft20-itl10-len20';
    const summary = await runToEnd(users('idle', '11s'), settings(simulator.url, { workers: 1 }, model));
    if (isDisturbed(summary)) this.skip();
    assert.deepEqual(reasonsBeyondSlowness(summary), []);
    assert.notEqual(summary.quality.verdict, 'invalid');
  });

  it('is not blamed for a server that takes two seconds to its first token, and falls silent', async function () {
    const slow = settings(simulator.url, { workers: 1 }, 'sim-ttft2000-itl700-len2');
    const summary = await runToEnd(users('slow', '3s'), slow);
    if (isDisturbed(summary)) this.skip();
    assert.deepEqual(confessions(summary), []);
    assert.ok((summary.metrics.llm_ttft?.values.med ?? 0) >= 1990);
  });

  it('is not blamed for a server that stops answering altogether', async function () {
    let asked = 0;
    const server = await start(({ socket }) => {
      asked += 1;
      socket.write(STREAM + content('one'));
    });
    const file = folder.write(
      'silent.ts',
      `import { chat } from 'tokenswarm';
       export const options = { scenarios: { a: {
         executor: 'constant-arrival-rate', rate: 20, duration: '3s', preAllocatedVUs: 8, gracefulStop: '100ms' } } };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    const summary = await runToEnd(file, settings(server.url, { workers: 1, preflight: false }));
    assert.equal(asked, 8);
    if (isDisturbed(summary)) this.skip();
    assert.deepEqual(confessions(summary), []);
    const { notes } = summary.quality;
    assert.ok(notes.some((note) => note.startsWith('dropped_iterations: 52 of 60 iterations were dropped')));
    assert.ok(notes.some((note) => note.startsWith('8 requests were still in flight at the end')));
  });
});
