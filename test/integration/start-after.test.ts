import assert from 'node:assert/strict';
import type { Snapshot } from '../../engine/index.js';
import type { Simulator } from '../../engine/simulator/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { notes, noteTo, whole } from '../support/scripts.js';
import { VirtualTime } from '../support/virtual-time.js';

interface Note {
  readonly scenario: string;
  readonly from: number;
  readonly to: number;
  /** The scenario's own start, in milliseconds since the load's. */
  readonly started: number;
}

describe('several scenarios', () => {
  const folder = testFolder();
  const time = new VirtualTime();
  let simulator: Simulator;

  before(async () => {
    simulator = await time.simulator();
  });

  after(() => simulator.close());

  it('each have their own function, environment, tags and start', async () => {
    const file = folder.write(
      'several.ts',
      `import { chat, Counter, exec, type Options } from 'tokenswarm';
       ${noteTo(folder)}
       const seen = new Counter('seen');
       export const options = {
         scenarios: {
           users: { executor: 'per-vu-iterations', vus: 3, iterations: 2, exec: 'ask', env: { WHO: 'user' }, tags: { kind: 'short' } },
           rate: { executor: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 5, startTime: '1s', exec: 'tell', env: { WHO: 'rate' }, tags: { kind: 'long' } },
         },
         thresholds: { 'llm_requests{kind:short,window:whole}': ['count==6'], 'llm_requests{kind:long}': ['count==10'], 'seen{kind:long}': ['count==10'] },
       } satisfies Options;
       export async function ask() { if (__ENV.WHO !== 'user') throw new Error(__ENV.WHO); await chat({ messages: 'hi' }); seen.add(1); }
       export async function tell() {
         if (__ENV.WHO !== 'rate') throw new Error(__ENV.WHO);
         note('several', [exec.scenario.name, exec.scenario.executor, exec.instance.currentTestRunDuration, __VU]);
         await chat({ messages: 'hi' }); seen.add(1);
       }`,
    );
    const summary = await time.runToEnd(file, settings(simulator.url, { workers: 2 }));
    assert.deepEqual(summary.errors, []);
    assert.equal(summary.run.exitCode, 0, JSON.stringify(summary.thresholds));
    for (const [name, executor, at, vu] of notes<[string, string, number, number]>(folder, 'several')) {
      assert.deepEqual([name, executor], ['rate', 'constant-arrival-rate']);
      assert.ok(at % 100 === 0 && at >= 1000 && at < 2000 && vu > 3 && vu <= 8, `VU ${vu} at ${at}`);
    }
  });

  it('may start when another has ended in all workers, and the plan follows', async () => {
    const file = folder.write(
      'after.ts',
      `import { chat, exec, sleep, type Options } from 'tokenswarm';
       ${noteTo(folder)}
       export const options = {
         scenarios: {
           third: { executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 10, startAfter: 'second', startTime: '300ms' },
           first: { executor: 'per-vu-iterations', vus: 2, iterations: 1 },
           second: { executor: 'shared-iterations', vus: 4, iterations: 8, startAfter: 'first' },
         },
       } satisfies Options;
       export default async function () {
         const started = exec.scenario.startTime - (Date.now() - exec.instance.currentTestRunDuration);
         const from = exec.instance.currentTestRunDuration;
         // The users of the first are in different workers and need different times.
         await sleep(exec.scenario.name === 'first' ? 0.3 * (1 + (__VU % 2)) : 0.01);
         await chat({ messages: 'hi' });
         note('after', { scenario: exec.scenario.name, from, to: exec.instance.currentTestRunDuration, started });
       }`,
    );
    const snapshots: Snapshot[] = [];
    const { url } = simulator;
    const summary = await time.runToEnd(file, settings(url, { workers: 2 }), (snapshot) => snapshots.push(snapshot));
    assert.deepEqual([summary.errors, whole(summary, 'iterations').count], [[], 30]);
    const all = notes<Note>(folder, 'after');
    const of = (scenario: string) => {
      const found = all.filter((note) => note.scenario === scenario);
      const from = Math.min(...found.map((note) => note.from));
      return { from, to: Math.max(...found.map(({ to }) => to)), started: found[0]?.started ?? 0, count: found.length };
    };
    const [first, second, third] = [of('first'), of('second'), of('third')];
    assert.deepEqual([first.count, second.count, third.count], [2, 8, 20]);
    assert.ok(second.from > first.to, `the second began at ${second.from}, the first ended at ${first.to}`);
    assert.ok(second.from < first.to + 2000);
    assert.ok(third.from > second.to + 300);
    assert.ok(Math.abs(third.from - third.started) < 500, `${third.from} ${third.started}`);
    // The summary tells when each really ran, and the steady state is that of the rate’s ten planned VUs.
    const ran = Object.fromEntries(summary.plan.scenarios.map((scenario) => [scenario.name, scenario.ran]));
    assert.ok(ran.second && ran.third && ran.first?.from === 0);
    assert.ok(ran.second.from * 1000 <= second.from && ran.second.from > ran.first.to);
    const { steady } = summary.windows;
    assert.deepEqual(steady && [steady.from, Math.round((steady.to - steady.from) * 1000)], [ran.third.from, 1000]);
    assert.equal(summary.metrics.iterations?.windows.steady?.count, 20);
    assert.ok(summary.run.seconds < 10);
    const waiting = snapshots[0]?.scenarios.find(({ name }) => name === 'third');
    assert.deepEqual([waiting?.state, waiting?.progress], ['waiting', 0]);
    const last = snapshots.at(-1);
    assert.ok((last?.duration ?? 0) < 10_000, 'the duration of the plan is what it has come to');
    assert.equal(last?.scenarios.find(({ name }) => name === 'third')?.startTime, ran.third.from * 1000);
  });

  it('that wait for another never begin when the run is stopped', async () => {
    const file = folder.write(
      'waiting.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { scenarios: {
         a: { executor: 'constant-vus', vus: 2, duration: '10m' },
         b: { executor: 'constant-vus', vus: 2, duration: '10m', startAfter: 'a', exec: 'never' },
       } };
       export default async function () { await sleep(0.05); }
       export function never() { throw new Error('began'); }`,
    );
    const summary = await time.runToEnd(file, settings(undefined, { workers: 2 }), ({ elapsed }, running) => {
      if (elapsed > 1000) running.drain();
    });
    assert.deepEqual([summary.run.exitCode, summary.errors], [105, []]);
    assert.equal(summary.plan.scenarios[1]?.ran, null);
    assert.ok(summary.run.seconds < 10);
  });
});
