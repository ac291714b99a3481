import { type Calibration, deviationOf } from './calibrate.js';
import type { RunFigures } from './measured-run.js';

/** Mean error of a figure over the runs, as a share. */
export interface FigureError {
  readonly figure: keyof RunFigures;
  /** By constants fitted to all runs, and to all others. */
  readonly fitted: number;
  readonly predicted: number;
}

const FIGURES: readonly (keyof RunFigures)[] = ['tokensPerSecond', 'tpot', 'e2e', 'ttft', 'ttftP95'];

/** Errors of a calibration by figure. */
export function summaryOf({ runs }: Calibration): FigureError[] {
  return FIGURES.flatMap((figure) => {
    const own = runs.filter(({ run }) => run.figures[figure] !== undefined);
    if (own.length === 0) return [];
    const mean = (of: (each: (typeof own)[number]) => RunFigures) =>
      own.reduce((sum, each) => sum + Math.abs(Math.expm1(deviationOf(of(each), each.run.figures, figure))), 0) /
      own.length;
    return [{ figure, fitted: mean(({ fitted }) => fitted), predicted: mean(({ predicted }) => predicted) }];
  });
}
