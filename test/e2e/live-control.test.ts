import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { run, type Snapshot } from '../../engine/index.js';
import { summaryJson, summaryText } from '../../reporters/index.js';
import { ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'reporters/summary.schema.json'), 'utf8')),
);

describe('a run that is changed by hand', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  it('rests in a pause, has other users after it, gives its summary meanwhile, and tells of all that', async () => {
    const file = folder.write(
      'users.ts',
      `import { chat, exec, Gauge } from 'tokenswarm';
       const ids = new Gauge('ids');
       export default async function () { ids.add(exec.vu.idInTest); await chat({ messages: 'hi' }); }`,
    );
    const running = run(file, settings(simulator.url, { vus: 2, duration: '6s', workers: 2 }));
    assert.equal(running.summaryNow(), undefined);
    const steps: readonly (readonly [at: number, act: () => void])[] = [
      [1000, () => running.pause()],
      [3000, () => running.resume()],
      [3000, () => assert.equal(running.setVus('nobody', 3), false)],
      [3000, () => assert.equal(running.setVus('default', 5), true)],
    ];
    const left = [...steps];
    const seen: Snapshot[] = [];
    for await (const snapshot of running) {
      seen.push(snapshot);
      while (left[0] && left[0][0] <= snapshot.elapsed) left.shift()?.[1]();
      if (seen.length !== 5) continue;
      const soFar = running.summaryNow();
      assert.ok(soFar && validate(JSON.parse(summaryJson(soFar))), JSON.stringify(validate.errors));
      assert.deepEqual([soFar.run.outcome, soFar.run.exitCode], ['running', 0]);
      assert.match(summaryText(soFar), /Still running/);
    }
    const summary = await running.summary;
    assert.ok(validate(JSON.parse(summaryJson(summary))), JSON.stringify(validate.errors));
    assert.equal(running.setVus('default', 1), false, 'it is over');
    const actions = summary.operator ?? [];
    assert.deepEqual(
      actions.map(({ action, scenario, vus }) => [action, scenario, vus]),
      [
        ['pause', undefined, undefined],
        ['resume', undefined, undefined],
        ['scale', 'default', 5],
      ],
    );
    const [paused] = actions;
    assert.ok(paused && summary.windows.steady && Math.abs(summary.windows.steady.to - paused.at) < 0.01);
    assert.ok(seen.some(({ activity, inFlight, vus }) => activity === 'paused' && inFlight === 0 && vus === 2));
    assert.ok(seen.some(({ vus, planned, peakVus }) => vus === 5 && planned === 5 && peakVus === 5));
    const idle = summary.intervals.filter(({ requests }) => requests === 0).length;
    assert.ok(idle >= 1, 'there is a second without a request');
    assert.equal(summary.metrics.ids?.windows.whole?.max, 5, 'users that are added have numbers of their own');
    assert.match(summary.quality.notes.join('\n'), /changed by hand 3 times, first 1\.\d s into it/);
    assert.equal(summary.run.exitCode, 0);
  });
});
