import type { Efficiency } from '../hardware/index.js';
import type { Calibration } from './calibrate.js';
import { summaryOf } from './calibration-error.js';

/** Content of a calibration's file. Constants, and where they come from. */
export interface CalibrationFile {
  readonly schema: 'tokenswarm/calibration';
  readonly card: string;
  readonly model: string;
  readonly engine: string;
  readonly frontEnd: 'python' | 'rust';
  /** Fitted constants. They belong together, those that the runs leave open included. */
  readonly constants: Partial<Efficiency>;
  /** Standard errors of these. */
  readonly errors: Partial<Efficiency>;
  /** Constants of which the runs say little. */
  readonly open: readonly string[];
  /** Error to expect of each figure, as a share. That of runs left out in turn. */
  readonly expect: Readonly<Record<string, number>>;
  readonly runs: readonly string[];
}

/** File of a calibration. */
export function fileOf(calibration: Calibration, card: string, model: string, isRust: boolean): CalibrationFile {
  const { constants } = calibration;
  const rounded = (value: number) => Number(value.toPrecision(4));
  const pick = (of: (each: (typeof constants)[number]) => number) =>
    Object.fromEntries(constants.map((each) => [each.name, rounded(of(each))])) as Partial<Efficiency>;
  return {
    schema: 'tokenswarm/calibration',
    ...{ card, model, engine: calibration.engine.slug, frontEnd: isRust ? 'rust' : 'python' },
    constants: pick(({ value }) => value),
    errors: pick(({ error }) => error),
    open: constants.flatMap(({ name, isDetermined }) => (isDetermined ? [] : [name])),
    expect: Object.fromEntries(summaryOf(calibration).map(({ figure, predicted }) => [figure, rounded(predicted)])),
    runs: calibration.runs.map(({ run }) => run.name),
  };
}
