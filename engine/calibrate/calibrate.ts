import { CONSTANTS, type Efficiency, type EngineVersion, efficiencyOf } from '../hardware/index.js';
import { FITTED } from './fitted-constants.js';
import { type Fit, leastSquares, type Parameter, withoutResiduals } from './least-squares.js';
import type { MeasuredRun, RunFigures } from './measured-run.js';
import { simulateRun } from './simulate-run.js';

/** Fitted constant, with its standard error. */
export interface Calibrated {
  readonly name: keyof Efficiency;
  readonly value: number;
  readonly error: number;
  /** True if the runs say more of it than was known beforehand. */
  readonly isDetermined: boolean;
  /** Runs that determine it, the most telling first. */
  readonly runs: readonly string[];
  /** Measurement that would determine it. */
  readonly measure: string;
}

/** Run beside what the constants say of it. */
export interface Explained {
  readonly run: MeasuredRun;
  /** By the constants fitted to all runs. */
  readonly fitted: RunFigures;
  /** By constants fitted to all other runs. */
  readonly predicted: RunFigures;
}

/** Constants of a card, fitted to runs. */
export interface Calibration {
  readonly engine: EngineVersion;
  readonly efficiency: Efficiency;
  readonly constants: readonly Calibrated[];
  readonly runs: readonly Explained[];
}

/** Relative deviations that runs of the same setting have, by figure. */
const NOISE: Readonly<Record<keyof RunFigures, number>> = {
  tokensPerSecond: 0.02,
  tpot: 0.02,
  e2e: 0.03,
  ttft: 0.1,
  ttftP95: 0.15,
};

const FIGURES = Object.keys(NOISE) as readonly (keyof RunFigures)[];

/** Share of a constant's uncertainty below which runs determine it. */
const TELLING = 0.5;

/**
 * Fits constants to runs by least squares within their bounds. Residuals are relative deviations of simulated from measured figures,
 * in units of what repeats differ by. Leaving one run out is to first order around the fit.
 */
export function calibrate(runs: readonly MeasuredRun[], engine: EngineVersion, isRust: boolean): Calibration {
  const base = efficiencyOf(engine, isRust);
  const parameters = FITTED.map(({ name, deviation }): Parameter => {
    const { least, most } = CONSTANTS[name];
    return { start: base[name], least, most, deviation };
  });
  const withValues = (values: readonly number[]): Efficiency => {
    return { ...base, ...Object.fromEntries(FITTED.map(({ name }, i) => [name, values[i]])) };
  };
  const rows = runs.flatMap((run, index) =>
    FIGURES.flatMap((figure) => (run.figures[figure] === undefined ? [] : [{ index, figure }])),
  );
  const residualsAt = (values: readonly number[]) => {
    const found = runs.map((run) => simulateRun(run, withValues(values), engine));
    return rows.map(({ index, figure }) => deviationOf(found[index]!, runs[index]!.figures, figure) / NOISE[figure]);
  };
  const fit = leastSquares(parameters, residualsAt);
  const efficiency = withValues(fit.values);
  return {
    ...{ engine, efficiency },
    constants: FITTED.map(({ name, deviation, measure }, i) => ({
      ...{ name, measure, value: fit.values[i]!, error: fit.errors[i]! },
      isDetermined: fit.errors[i]! < TELLING * deviation,
      runs: tellingRuns(
        fit,
        i,
        rows.map(({ index }) => index),
      ).map((index) => runs[index]!.name),
    })),
    runs: runs.map((run, index) => {
      const others = withoutResiduals(parameters, fit, (row) => rows[row]!.index === index);
      const [fitted, predicted] = [efficiency, withValues(others)].map((each) => simulateRun(run, each, engine));
      return { run, fitted: fitted!, predicted: predicted! };
    }),
  };
}

/** Logarithm of a simulated figure over the measured one. */
export function deviationOf(simulated: RunFigures, measured: RunFigures, figure: keyof RunFigures): number {
  const [own, real] = [simulated[figure], measured[figure]];
  return own === undefined || real === undefined ? 0 : Math.log(own / real);
}

/** Runs that together hold most of what all say of a parameter. */
function tellingRuns(fit: Fit, parameter: number, runOf: readonly number[]): readonly number[] {
  const weights = new Map<number, number>();
  fit.jacobian.forEach((row, index) => {
    const run = runOf[index]!;
    weights.set(run, (weights.get(run) ?? 0) + row[parameter]! ** 2);
  });
  const sorted = [...weights].toSorted(([, a], [, b]) => b - a);
  const all = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let held = 0;
  const found: number[] = [];
  for (const [run, weight] of sorted) {
    if (held > 0.7 * all || found.length === 4) break;
    held += weight;
    found.push(run);
  }
  return found;
}
