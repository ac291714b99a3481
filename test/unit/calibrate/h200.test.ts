import assert from 'node:assert/strict';
import { deviationOf } from '../../../engine/calibrate/calibrate.js';
import type { RunFigures } from '../../../engine/calibrate/measured-run.js';
import { simulateRun } from '../../../engine/calibrate/simulate-run.js';
import {
  cardNamed,
  deploymentOf,
  efficiencyOf,
  engineNamed,
  memoryUse,
  modelNamed,
} from '../../../engine/hardware/index.js';
import { ESTIMATE_ERRORS } from '../../../engine/results/advise/roofline-constants.js';
import { expectedUnder } from '../../../engine/results/advise/roofline-load.js';
import { rowsBelow } from '../../support/page.js';
import { type RunOnH200, runsOnH200 } from './h200.js';

const ENGINE = engineNamed('vllm-0.24', 'test');

const known = new Map<RunOnH200, RunFigures>();

function simulated(run: RunOnH200): RunFigures {
  const constants = { ...efficiencyOf(ENGINE, run.settings.rustFrontend), ...run.constants };
  const figures = known.get(run) ?? simulateRun(run, constants, ENGINE);
  known.set(run, figures);
  return figures;
}

/** Relative errors of a figure over some runs, ascending. */
function errors(runs: readonly RunOnH200[], figure: keyof RunFigures): readonly number[] {
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
  const of24 = all.filter(({ version }) => version === '0.24.0');
  const heldOut = of24.filter(({ isHeldOut }) => isHeldOut);

  it('has a third of the runs kept out of the fit, from few users to many', () => {
    assert.ok(heldOut.length >= of24.length / 4 && heldOut.length >= 15);
    assert.ok(Math.min(...heldOut.map(({ users }) => users)) <= 4 && heldOut.some(({ users }) => users === 1024));
  });

  it('meets runs that it was not fitted to', () => {
    const goals = [
      ['tokensPerSecond', 0.05, 0.1],
      ['tpot', 0.05, 0.15],
      ['e2e', 0.07, 0.12],
      ['ttft', 0.2, 0.32],
      ['ttftP95', 0.22, 0.42],
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

  it('ranks settings by tokens a second as measured, where they differ by more than a fifth', () => {
    for (const users of [256, 512]) {
      const own = of24.filter(({ deployment, answer, ...run }) => {
        const is7b = deployment.model.slug === 'qwen2.5-7b' && deployment.tensorParallel === 1;
        return is7b && run.users === users && answer.most === 192 && run.figures.tpot !== undefined;
      });
      const named = new Set(own.map(({ settings }) => JSON.stringify(settings)));
      const settings = [...named].map((name) => {
        const runs = own.filter(({ settings }) => JSON.stringify(settings) === name);
        const mean = (of: (run: RunOnH200) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
        return [mean((run) => run.figures.tokensPerSecond), mean((run) => simulated(run).tokensPerSecond)] as const;
      });
      assert.ok(settings.length >= 5);
      for (const [real, simulatedAs] of settings) {
        for (const [better, predicted] of settings) {
          if (better > 1.2 * real) assert.ok(predicted > simulatedAs, `${users}`);
        }
      }
    }
  });

  it('knows two cards, and nearly the next version', () => {
    const oneUser = all.filter(({ deployment, users }) => deployment.tensorParallel === 2 && users === 1);
    assert.ok(oneUser.length >= 6 && quantile(errors(oneUser, 'tokensPerSecond'), 0.8) < 0.11);
    const newer = all.filter(({ version }) => version === '0.26.0');
    assert.ok(newer.length >= 12 && quantile(errors(newer, 'tokensPerSecond'), 0.5) < 0.08);
  });

  it('tells the errors of the estimates of advise', () => {
    const constants = { efficiency: efficiencyOf(ENGINE), utilization: ENGINE.utilization };
    const told = ESTIMATE_ERRORS[ENGINE.slug]!;
    const plain = of24.filter(
      ({ settings, figures }) => Object.keys(settings).length === 0 && figures.tpot !== undefined,
    );
    for (const figure of ['tokensPerSecond', 'tpot', 'e2e', 'ttft'] as const) {
      const found = plain.map(({ deployment, promptTokens, answer, users, figures }) => {
        const traffic = { input: promptTokens, output: (answer.least + answer.most) / 2, thinking: 0 };
        return Math.abs(expectedUnder(deployment, traffic, users, constants)![figure] / figures[figure]! - 1);
      });
      const half = quantile(
        found.toSorted((a, b) => a - b),
        0.5,
      );
      assert.ok(Math.abs(half - told[figure]) < 0.01, `${figure} ${half}`);
    }
  });

  it('has the errors that docs/hardware.md tells', () => {
    const share = (value: number) =>
      `${100 * value < 9.95 ? Number((100 * value).toPrecision(2)) : Math.round(100 * value)} %`;
    const told = rowsBelow('hardware.md', '### vLLM 0.24 on an H200').map((cells) => cells.slice(1, 5));
    const goals = { tokensPerSecond: 0.05, tpot: 0.05, e2e: 0.07, ttft: 0.2, ttftP95: 0.2 } as const;
    const rows = (Object.keys(goals) as (keyof typeof goals)[]).map((figure) => {
      const found = errors(heldOut, figure);
      const within = found.filter((each) => each <= goals[figure]).length;
      const [half, most] = [share(quantile(found, 0.5)), `${Math.round(100 * quantile(found, 0.85))} %`];
      return [share(goals[figure]), half, most, `${within} of ${found.length}`];
    });
    assert.deepEqual(told, rows);
  });

  it('is told run by run in docs/hardware.md', () => {
    const told = rowsBelow('hardware.md', '#### Run by run');
    const percent = (run: RunOnH200, figure: keyof RunFigures) => {
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
