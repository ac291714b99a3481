import { readFileSync } from 'node:fs';
import type { MeasuredRun, RunFigures, ServerSettings } from '../../../engine/calibrate/measured-run.js';
import {
  cardNamed,
  deploymentOf,
  type Efficiency,
  modelNamed,
  type WeightPrecision,
} from '../../../engine/hardware/index.js';

/** Run of test/data/h200. */
interface SavedRun {
  readonly name: string;
  readonly model: string;
  readonly weights: WeightPrecision;
  /** Cards that shared the model; 1 where absent. */
  readonly tensorParallel?: number;
  /** Version of vLLM; 0.24.0 where absent. */
  readonly version?: string;
  readonly settings: ServerSettings;
  readonly users: number;
  readonly requests: number;
  readonly promptTokens: number;
  readonly answer: { readonly least: number; readonly most: number };
  readonly figures: RunFigures;
  readonly heldOut?: boolean;
  /** Constants of its server's settings. */
  readonly constants?: Partial<Efficiency>;
  readonly apart?: string;
}

/** Run with what the fit has to know of it. */
export interface RunOnH200 extends MeasuredRun {
  readonly isHeldOut: boolean;
  readonly version: string;
  readonly constants?: Partial<Efficiency>;
}

/** Measured runs on an H200, those apart left out. */
export function runsOnH200(): readonly RunOnH200[] {
  const file = new URL('../../../../test/data/h200/runs.json', import.meta.url);
  const { runs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly runs: readonly SavedRun[] };
  return runs
    .filter(({ apart }) => apart === undefined)
    .map(({ model, weights, tensorParallel = 1, version = '0.24.0', heldOut = false, ...run }) => ({
      ...run,
      version,
      isHeldOut: heldOut,
      isSteady: false,
      deployment: deploymentOf({
        card: cardNamed('h200', 'test'),
        model: modelNamed(model, 'test'),
        weights,
        tensorParallel,
      }),
    }));
}
