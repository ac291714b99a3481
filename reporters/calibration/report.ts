import type { Calibrated, Calibration, Explained } from '../../engine/calibrate/calibrate.js';
import { deviationOf } from '../../engine/calibrate/calibrate.js';
import { summaryOf } from '../../engine/calibrate/calibration-error.js';
import type { RunFigures } from '../../engine/calibrate/measured-run.js';
import type { LeftOut } from '../../engine/results/recorded-run.js';
import { figure, listSection, type Report, type Section, text } from '../document/document.js';

const SHOWN: readonly (readonly [keyof RunFigures, string])[] = [
  ['tokensPerSecond', 'tokens/s'],
  ['tpot', 'TPOT'],
  ['e2e', 'E2E'],
  ['ttft', 'TTFT'],
  ['ttftP95', 'TTFT p95'],
];

/** Fitted constants, runs beside them, and what else to measure. */
export function calibrationReport(calibration: Calibration, name: string, leftOut: readonly LeftOut[]): Report {
  const open = calibration.constants.filter(({ isDetermined }) => !isDetermined);
  return {
    name: 'calibration',
    title: `constants of ${calibration.engine.slug} for ${name}`,
    lead: `from ${calibration.runs.length} runs`,
    simulated: [],
    sections: [
      constants(calibration.constants),
      runs(calibration.runs),
      errors(calibration),
      listSection(
        'Not determined by these runs, so near what the version has; to determine them measure',
        'doubtful',
        open.map(({ name: constant, measure }) => `${constant}: ${measure}`),
      ),
      listSection(
        'Left out',
        'doubtful',
        leftOut.map(({ file, why }) => `${file}: ${why}`),
      ),
    ],
  };
}

function constants(all: readonly Calibrated[]): Section {
  return {
    title: 'Constants',
    blocks: [
      {
        kind: 'table',
        columns: [text('constant'), figure('value'), figure('± error'), text('determined by')],
        rows: all.map(({ name, value, error, isDetermined, runs: own }) => ({
          cells: [name, value.toPrecision(3), error.toPrecision(2), isDetermined ? own.join(', ') : 'no run'],
        })),
      },
    ],
  };
}

function runs(all: readonly Explained[]): Section {
  return {
    title: 'Runs: simulated by all runs beside measured, and by all other runs',
    blocks: [
      {
        kind: 'table',
        columns: [text('run'), ...SHOWN.map(([, head]) => figure(head))],
        rows: all.map((each) => ({ cells: [each.run.name, ...SHOWN.map(([key]) => deviations(each, key))] })),
      },
    ],
  };
}

function deviations({ run, fitted, predicted }: Explained, key: keyof RunFigures): string {
  if (run.figures[key] === undefined) return '–';
  return `${signed(deviationOf(fitted, run.figures, key))} / ${signed(deviationOf(predicted, run.figures, key))}`;
}

function signed(logarithm: number): string {
  const percent = Math.round(100 * Math.expm1(logarithm));
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent)} %`;
}

function errors(calibration: Calibration): Section {
  return {
    title: 'Error to expect',
    blocks: [
      {
        kind: 'table',
        columns: [text('figure'), figure('of the runs fitted'), figure('of a run left out')],
        rows: summaryOf(calibration).map(({ figure: key, fitted, predicted }) => ({
          cells: [SHOWN.find(([name]) => name === key)?.[1], percent(fitted), percent(predicted)],
        })),
      },
    ],
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
