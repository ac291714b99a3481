import assert from 'node:assert/strict';
import { arrivalsOf } from '../../engine/executors/arrivals.js';
import type { OpenLoad } from '../../engine/executors/load.js';
import { combineSeeds } from '../../engine/random.js';
import type { Simulator } from '../../engine/simulator/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { notes, noteTo, upTo, whole } from '../support/scripts.js';
import { VirtualTime } from '../support/virtual-time.js';
import { planned } from '../unit/script/planned.js';

describe('an arrival rate', () => {
  const folder = testFolder();
  const time = new VirtualTime();
  let simulator: Simulator;

  before(async () => {
    simulator = await time.simulator();
  });

  after(() => simulator.close());

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
    it(`is kept exactly where there are enough VUs, in ${workers} ${workers === 1 ? 'worker' : 'workers'}`, async () => {
      const name = `kept-${workers}`;
      const scenario = { executor: 'constant-arrival-rate', rate: 40, duration: '3s', preAllocatedVUs: 60 };
      const summary = await time.runToEnd(chatting(name, scenario), settings(simulator.url, { workers }));
      assert.deepEqual(summary.errors, []);
      assert.equal(whole(summary, 'iterations').count, 120);
      assert.equal(whole(summary, 'llm_requests').count, 120);
      assert.equal(whole(summary, 'iteration_lateness').count, 120);
      assert.equal(whole(summary, 'iteration_lateness').max, 0);
      assert.equal(summary.metrics.dropped_iterations, undefined);
      const begun = notes<[number, number]>(folder, name).map(([number, at]) => [number, Math.round(at)]);
      assert.deepEqual(
        begun.sort(([a = 0], [b = 0]) => a - b),
        upTo(120).map((number) => [number, number * 25]),
      );
      assert.equal(summary.run.seconds, 3, 'it lasts for its duration');
    });
  }

  it('follows its stages, in any unit of time', async () => {
    const stages = [
      { duration: '2s', target: 1200 },
      { duration: '0s', target: 3000 },
      { duration: '1s', target: 3000 },
    ];
    const scenario = { executor: 'ramping-arrival-rate', timeUnit: '1m', stages, preAllocatedVUs: 60 };
    const summary = await time.runToEnd(chatting('ramp', scenario), settings(simulator.url, { workers: 2 }));
    assert.equal(whole(summary, 'iterations').count, 20 + 50);
    assert.deepEqual(summary.windows.steady, { from: 2, to: 3 });
    const begun = notes<[number, number]>(folder, 'ramp').map(([, at]) => at);
    const countUntil = (end: number) => begun.filter((at) => at < end + 1e-6).length;
    assert.deepEqual([1000, 2000, 2500].map(countUntil), [5, 20, 45]);
  });

  it('has the same random arrivals for any number of workers, none of them early', async () => {
    const arrivals = { gamma: 0.5 };
    const scenario = { executor: 'constant-arrival-rate', rate: 30, duration: '2s', preAllocatedVUs: 60, arrivals };
    const { load } = planned({ scenarios: { a: scenario } }).plan.scenarios[0]!;
    const due = [...arrivalsOf(load as OpenLoad, { index: 0, count: 1 }, combineSeeds(1, 'a'))];
    assert.ok(due.length > 30 && due.length < 110, `${due.length}`);
    for (const workers of [1, 2, 5]) {
      const name = `random-${workers}`;
      const summary = await time.runToEnd(chatting(name, scenario), settings(simulator.url, { workers }));
      assert.equal(whole(summary, 'iterations').count, due.length);
      const begun = notes<[number, number]>(folder, name).sort(([a], [b]) => a - b);
      assert.deepEqual(
        begun.map(([number]) => number),
        due.map(({ number }) => number),
      );
      const late = begun.map(([number, at]) => Math.abs(at - due[number]!.at));
      assert.ok(Math.max(...late) < 1e-6, `off by ${late}`);
    }
  });

  it('drops arrivals without a free VU, adds VUs up to the maximum, and reports both without blaming the generator', async () => {
    const scenario = {
      executor: 'constant-arrival-rate',
      rate: 20,
      duration: '3s',
      preAllocatedVUs: 1,
      maxVUs: 4,
      gracefulStop: '5s',
    };
    const slow = settings(simulator.url, { workers: 1 }, 'sim-ttft800-itl1-len2');
    const summary = await time.runToEnd(chatting('dropped', scenario), slow);
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
});
