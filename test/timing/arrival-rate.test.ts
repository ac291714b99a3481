import assert from 'node:assert/strict';
import { arrivalsOf } from '../../engine/executors/arrivals.js';
import type { OpenLoad } from '../../engine/executors/load.js';
import { combineSeeds } from '../../engine/random.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { notes, noteTo, upTo, whole } from '../support/scripts.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';
import { planned } from '../unit/script/planned.js';

describe('an arrival rate', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  /** A scenario that chats and logs its number and start. */
  function chatting(name: string, scenario: object): string {
    return folder.write(
      `${name}.ts`,
      `import { chat, exec } from 'tokenswarm';
       ${noteTo(folder)}
       export const options = { scenarios: { a: ${JSON.stringify(scenario)} } };
       export default async function () {
         note('${name}', [exec.scenario.iterationInTest, exec.instance.currentTestRunDuration]);
         await chat({ messages: 'hi' });
       }`,
    );
  }

  for (const workers of [1, 3]) {
    it(`is kept exactly where there are VUs enough, in ${workers} ${workers === 1 ? 'worker' : 'workers'}`, async () => {
      const name = `kept-${workers}`;
      const scenario = { executor: 'constant-arrival-rate', rate: 40, duration: '3s', preAllocatedVUs: 60 };
      const summary = await runToEnd(chatting(name, scenario), settings(simulator.url, { workers }));
      assert.deepEqual(summary.errors, []);
      assert.equal(whole(summary, 'iterations').count, 120);
      assert.equal(whole(summary, 'llm_requests').count, 120);
      assert.equal(whole(summary, 'iteration_lateness').count, 120);
      assert.equal(summary.metrics.dropped_iterations, undefined);
      const numbers = notes<[number, number]>(folder, name).map(([number]) => number);
      assert.deepEqual(
        numbers.sort((a, b) => a - b),
        upTo(120),
      );
      assert.ok(summary.run.seconds >= 3, 'it lasts for its duration');
    });
  }

  it('follows its stages, in any unit of time', async () => {
    const stages = [
      { duration: '2s', target: 1200 },
      { duration: '0s', target: 3000 },
      { duration: '1s', target: 3000 },
    ];
    const scenario = { executor: 'ramping-arrival-rate', timeUnit: '1m', stages, preAllocatedVUs: 60 };
    const summary = await runToEnd(chatting('ramp', scenario), settings(simulator.url, { workers: 2 }));
    assert.equal(whole(summary, 'iterations').count, 20 + 50);
    assert.deepEqual(summary.windows.steady, { from: 2, to: 3 });
    const begun = notes<[number, number]>(folder, 'ramp').map(([, at]) => at);
    assert.ok(begun.filter((at) => at < 1000).length <= 5);
    assert.ok(begun.filter((at) => at < 2000).length <= 20);
  });

  it('has the same random arrivals for any number of workers, none of them early', async () => {
    const arrivals = { gamma: 0.5 };
    const scenario = { executor: 'constant-arrival-rate', rate: 30, duration: '2s', preAllocatedVUs: 60, arrivals };
    const { load } = planned({ scenarios: { a: scenario } }).plan.scenarios[0]!;
    const due = [...arrivalsOf(load as OpenLoad, { index: 0, count: 1 }, combineSeeds(1, 'a'))];
    assert.ok(due.length > 30 && due.length < 110, `${due.length}`);
    for (const workers of [1, 2, 5]) {
      const name = `random-${workers}`;
      const summary = await runToEnd(chatting(name, scenario), settings(simulator.url, { workers }));
      assert.equal(whole(summary, 'iterations').count, due.length);
      const begun = notes<[number, number]>(folder, name).sort(([a], [b]) => a - b);
      assert.deepEqual(
        begun.map(([number]) => number),
        due.map(({ number }) => number),
      );
      for (const [number, at] of begun) assert.ok(at >= due[number]!.at - 0.001, `${number} began at ${at}`);
      const late = begun.map(([number, at]) => at - due[number]!.at).sort((a, b) => a - b);
      assert.ok(late[Math.floor(late.length / 2)]! < 100, `late by ${late}`);
    }
  });

  it('drops what finds no VU, makes more of them up to the maximum, and says so without blaming itself', async () => {
    const scenario = {
      executor: 'constant-arrival-rate',
      rate: 20,
      duration: '3s',
      preAllocatedVUs: 1,
      maxVUs: 4,
      gracefulStop: '5s',
    };
    const slow = settings(simulator.url, { workers: 1 }, 'sim-ttft800-itl1-len2');
    const summary = await runToEnd(chatting('dropped', scenario), slow);
    const { count: dropped = 0 } = whole(summary, 'dropped_iterations');
    assert.equal((whole(summary, 'iterations').count ?? 0) + dropped, 60);
    assert.ok(dropped > 35 && dropped < 56, `${dropped}`);
    assert.deepEqual([whole(summary, 'vus_max').value, whole(summary, 'vus').max], [4, 4]);
    assert.equal(
      summary.intervals.reduce((sum, interval) => sum + interval.dropped, 0),
      dropped,
    );
    assert.ok((summary.intervals[1]?.dropped ?? 0) > 5, 'as it happened');
    assert.ok((summary.metrics.dropped_iterations?.windows.steady?.count ?? 0) > 30, 'in its own window');
    const warnings = summary.warnings.filter((text) => text.startsWith('insufficient VUs'));
    assert.deepEqual(warnings.length, 1);
    assert.match(warnings[0]!, /scenario a has made all of its 4 VUs/);
    const { verdict, notes: said } = summary.quality;
    assert.notEqual(verdict, 'invalid');
    assert.ok(said.some((text) => text.includes(`dropped_iterations: ${dropped} of 60`) && /raise maxVUs/.test(text)));
  });

  it('is missed where the thread is blocked: invalid, and nothing of the delay is hidden', async () => {
    const file = folder.write(
      'blocking.ts',
      `import { chat, exec } from 'tokenswarm';
       export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 50, duration: '3s', preAllocatedVUs: 100 } } };
       export default async function () {
         if (exec.scenario.iterationInTest === 40) {
           const until = Date.now() + 900;
           while (Date.now() < until);
         }
         await chat({ messages: 'hi' });
       }`,
    );
    const summary = await runToEnd(file, settings(simulator.url, { workers: 1 }));
    assert.equal(whole(summary, 'iterations').count, 150, 'it catches up');
    assert.equal(summary.quality.verdict, 'invalid');
    const missed = summary.quality.reasons.filter((text) => text.startsWith('the generator missed the requested rate'));
    assert.deepEqual(missed.length, 1);
    const late = Number(/: (\d+) of 150 iterations/.exec(missed[0]!)?.[1]);
    assert.ok(late >= 35, `${late}`);
    assert.ok((whole(summary, 'iteration_lateness').max ?? 0) > 700);
    assert.ok((whole(summary, 'llm_queue').max ?? 0) > 700);
    const { llm_e2e: sent, llm_e2e_scheduled: due } = summary.metrics;
    assert.ok((due?.values.max ?? 0) > 700 && (due?.values.avg ?? 0) > (sent?.values.avg ?? 0) + 100);
  });
});
