import { readFileSync } from 'node:fs';
import type { MeasuredRun, RunFigures, ServerSettings } from '../../../engine/calibrate/measured-run.js';
import { cardNamed, deploymentOf, modelNamed, type WeightPrecision } from '../../../engine/hardware/index.js';

/** Run of test/data/h200. */
interface SavedRun {
  readonly name: string;
  readonly model: string;
  readonly weights: WeightPrecision;
  readonly settings: ServerSettings;
  readonly users: number;
  readonly requests: number;
  readonly promptTokens: number;
  readonly answer: { readonly least: number; readonly most: number };
  readonly figures: RunFigures;
  readonly heldOut?: boolean;
  readonly apart?: string;
}

/** Measured runs on an H200, those apart left out. */
export function runsOnH200(): readonly (MeasuredRun & { readonly isHeldOut: boolean })[] {
  const file = new URL('../../../../test/data/h200/runs.json', import.meta.url);
  const { runs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly runs: readonly SavedRun[] };
  return runs
    .filter(({ apart }) => apart === undefined)
    .map(({ model, weights, heldOut = false, ...run }) => ({
      ...run,
      isHeldOut: heldOut,
      isSteady: false,
      deployment: deploymentOf({ card: cardNamed('h200', 'test'), model: modelNamed(model, 'test'), weights }),
    }));
}
