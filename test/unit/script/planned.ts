import assert from 'node:assert/strict';
import { UserError } from '../../../engine/errors.js';
import type { Layer } from '../../../engine/options/layers.js';
import { flagOf } from '../../../engine/options/option-names.js';
import { makePlan, type Plan, type PlanInput } from '../../../engine/options/plan.js';

/** Inputs of a plan besides the options of the file. */
export interface Given extends Partial<PlanInput> {
  /** Options given by flags. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** The options that a scenario file exports. */
export function fileLayer(options: unknown): Layer {
  return { name: 'the file', options, folder: '/scenarios', placeOf: (path) => path || 'options' };
}

/** Options given by flags. */
function flagLayer(options: unknown): Layer {
  return { name: 'the command line', options, folder: '/work', placeOf: flagOf };
}

/** Plan and warnings for a file with these options. The file exports a default function. */
export function planned(options: unknown, { overrides, ...given }: Given = {}): { plan: Plan; warnings: string[] } {
  const warnings: string[] = [];
  const layers = [fileLayer(options), ...(overrides ? [flagLayer(overrides)] : [])];
  const plan = makePlan({ layers, functions: ['default'], metrics: {}, ...given }, (text) => warnings.push(text));
  return { plan, warnings };
}

/** The problems that options are refused for. */
export function problemsOf(options: unknown, given: Given = {}): string[] {
  try {
    planned(options, given);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 104);
    assert.match(error.hint ?? '', /docs\/(options|metrics|scripting)\.md/);
    return error.message.split('\n');
  }
  throw new assert.AssertionError({ message: 'nothing was found wrong' });
}
