import assert from 'node:assert/strict';
import { calibrate } from '../../../engine/calibrate/calibrate.js';
import { summaryOf } from '../../../engine/calibrate/calibration-error.js';
import { leastSquares } from '../../../engine/calibrate/least-squares.js';
import type { MeasuredRun } from '../../../engine/calibrate/measured-run.js';
import { simulateRun } from '../../../engine/calibrate/simulate-run.js';
import { efficiencyOf, engineNamed } from '../../../engine/hardware/index.js';
import { runsOnH200 } from './h200.js';

const ENGINE = engineNamed('vllm-0.24', 'test');

describe('least squares within bounds', () => {
  const line = (slope: number, offset: number) => [1, 2, 3, 4].map((x) => slope * x + offset);

  it('finds the parameters of a line, and errors that tell how well they are known', () => {
    const free = { least: -100, most: 100, deviation: 100 };
    const seen = line(2, -1);
    const fit = leastSquares(
      [
        { ...free, start: 0 },
        { ...free, start: 5 },
      ],
      ([slope = 0, offset = 0]) => {
        return line(slope, offset).map((y, i) => (y - seen[i]!) / 0.1);
      },
    );
    assert.ok(Math.abs(fit.values[0]! - 2) < 1e-3 && Math.abs(fit.values[1]! + 1) < 1e-2, `${fit.values}`);
    assert.ok(fit.errors[0]! > 0.03 && fit.errors[0]! < 0.06, `${fit.errors}`);
  });

  it('stays within bounds, and near the start where data say nothing', () => {
    const fit = leastSquares(
      [
        { start: 1, least: 0, most: 1.5, deviation: 10 },
        { start: 7, least: 0, most: 10, deviation: 2 },
      ],
      ([slope = 0]) => [(slope - 4) / 0.1],
    );
    assert.deepEqual(fit.values, [1.5, 7]);
    assert.ok(Math.abs(fit.errors[1]! - 2) < 1e-9);
  });
});

describe('a calibration', () => {
  const names = ['A-u1', 'A-u32', 'A-one64', 'A-p2k1', 'A-p8k4'];
  const runs = runsOnH200().filter(({ name }) => names.includes(name));
  /** Shorter loads, which suffice where the truth is simulated too. */
  const short = runs.map((run) => ({ ...run, requests: Math.min(run.requests, 2 * run.users) }));

  it('finds constants again by which runs were simulated, and says which runs tell them', () => {
    const truth = { ...efficiencyOf(ENGINE), compute: 0.5, stepOverheadMs: 2.6, sequenceOverheadUs: 45 };
    const simulated = short.map((run): MeasuredRun => ({ ...run, figures: simulateRun(run, truth, ENGINE) }));
    const { constants, efficiency, ...calibration } = calibrate(simulated, ENGINE, false);
    const compute = constants.find(({ name }) => name === 'compute')!;
    assert.ok(Math.abs(efficiency.compute / 0.5 - 1) < 0.06, `${efficiency.compute}`);
    assert.ok(compute.isDetermined && compute.runs.every((run) => run.startsWith('A-p')), compute.runs.join());
    const open = constants.filter(({ isDetermined }) => !isDetermined).map(({ name }) => name);
    assert.ok(open.includes('eventUs') && !open.includes('requestMs'), open.join());
    for (const { figure, fitted } of summaryOf({ constants, efficiency, ...calibration })) {
      assert.ok(fitted < 0.05, `${figure} ${fitted}`);
    }
  });

  it('explains measured runs, and less those that were left out', () => {
    const calibration = calibrate(
      runs.filter(({ name }) => name !== 'A-p8k4'),
      ENGINE,
      false,
    );
    const errors = new Map(summaryOf(calibration).map((each) => [each.figure, each]));
    assert.ok(errors.get('tokensPerSecond')!.fitted < 0.05 && errors.get('tpot')!.fitted < 0.06);
    assert.ok([...errors.values()].reduce((sum, { fitted, predicted }) => sum + predicted - fitted, 0) > 0);
  });
});
