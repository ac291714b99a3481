import assert from 'node:assert/strict';
import { deviationOf } from '../../../engine/calibrate/calibrate.js';
import type { MeasuredRun, RunFigures } from '../../../engine/calibrate/measured-run.js';
import { simulateRun } from '../../../engine/calibrate/simulate-run.js';
import {
  cardNamed,
  deploymentOf,
  efficiencyOf,
  engineNamed,
  memoryUse,
  modelNamed,
} from '../../../engine/hardware/index.js';
import { rowsBelow } from '../../support/page.js';
import { runsOnH200 } from './h200.js';

const ENGINE = engineNamed('vllm-0.24', 'test');

const known = new Map<MeasuredRun, RunFigures>();

function simulated(run: MeasuredRun): RunFigures {
  const figures = known.get(run) ?? simulateRun(run, efficiencyOf(ENGINE, run.settings.rustFrontend), ENGINE);
  known.set(run, figures);
  return figures;
}

/** Relative errors of a figure over some runs, ascending. */
function errors(runs: readonly MeasuredRun[], figure: keyof RunFigures): readonly number[] {
  return runs
    .filter(({ figures }) => figures[figure] !== undefined)
    .map((run) => Math.abs(Math.expm1(deviationOf(simulated(run), run.figures, figure))))
    .toSorted((a, b) => a - b);
}

function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(share * values.length))]!;
}

describe('the simulated H200 beside a real one under vLLM 0.24', () => {
  const all = runsOnH200();
  const heldOut = all.filter(({ isHeldOut }) => isHeldOut);

  it('has a third of the runs kept out of the fit, from few users to many', () => {
    assert.ok(heldOut.length >= all.length / 4 && heldOut.length >= 15);
    assert.ok(Math.min(...heldOut.map(({ users }) => users)) <= 4 && heldOut.some(({ users }) => users === 1024));
  });

  it('meets runs that it was not fitted to', () => {
    const goals = [
      ['tokensPerSecond', 0.05, 0.1],
      ['tpot', 0.06, 0.22],
      ['e2e', 0.07, 0.17],
      ['ttft', 0.2, 0.45],
    ] as const;
    for (const [figure, goal, most] of goals) {
      const found = errors(heldOut, figure);
      assert.ok(quantile(found, 0.5) <= goal, `${figure}: half within ${quantile(found, 0.5)}`);
      assert.ok(quantile(found, 0.85) <= most, `${figure}: 85 % within ${quantile(found, 0.85)}`);
    }
  });

  it('has the room for keys and values that vLLM told, within three hundredths', () => {
    for (const [model, weights, told] of [
      ['qwen2.5-7b', 'bf16', 2_085_488],
      ['qwen2.5-7b', 'fp8', 2_200_928],
      ['qwen2.5-32b', 'bf16', 262_960],
    ] as const) {
      const deployment = deploymentOf({ card: cardNamed('h200', 'test'), model: modelNamed(model, 'test'), weights });
      const { kvTokens } = memoryUse(deployment, efficiencyOf(ENGINE), ENGINE.utilization);
      assert.ok(Math.abs(kvTokens / told - 1) < 0.03, `${model} ${weights} ${kvTokens}`);
    }
  });

  it('ranks settings of the front-end by tokens a second as they were measured', () => {
    for (const users of [256, 512]) {
      const own = all.filter((run) => run.users === users && run.promptTokens < 100 && run.answer.most === 192);
      const python = own.filter(({ settings, figures }) => !settings.rustFrontend && figures.tpot !== undefined);
      const slowest = (of: (run: MeasuredRun) => number) => python.toSorted((a, b) => of(a) - of(b))[0]?.name;
      assert.ok(python.length >= 4);
      assert.equal(
        slowest((run) => simulated(run).tokensPerSecond),
        slowest((run) => run.figures.tokensPerSecond),
      );
    }
  });

  it('is told in docs/hardware.md with its errors', () => {
    const told = rowsBelow('hardware.md', '### vLLM 0.24 on an H200');
    const percent = (run: MeasuredRun, figure: keyof RunFigures) => {
      if (run.figures[figure] === undefined) return '–';
      const value = Math.round(100 * Math.expm1(deviationOf(simulated(run), run.figures, figure)));
      return `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value)}`;
    };
    const shown = ['tokensPerSecond', 'tpot', 'e2e', 'ttft'] as const;
    const rows = all.map((run) => [
      `${run.name}${run.isHeldOut ? ' *' : ''}`,
      String(run.users),
      String(Math.round(run.promptTokens)),
      ...shown.flatMap((figure) => {
        const value = run.figures[figure];
        return [value === undefined ? '–' : String(Number(value.toPrecision(3))), percent(run, figure)];
      }),
    ]);
    assert.deepEqual(told, rows);
  });
});
