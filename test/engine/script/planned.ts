import assert from 'node:assert/strict';
import { UserError } from '../../../engine/errors.js';
import { makePlan, type Plan, type PlanInput } from '../../../engine/script/plan.js';

/** What is planned of these options, for a file that exports a default function, and what is warned of. */
export function planned(options: unknown, given: Partial<PlanInput> = {}): { plan: Plan; warnings: string[] } {
  const warnings: string[] = [];
  const input = { options, functions: ['default'], metrics: {}, overrides: {}, tags: {}, ...given };
  const plan = makePlan(input, (text) => warnings.push(text));
  return { plan, warnings };
}

/** The problems that options are refused for. */
export function problemsOf(options: unknown, given: Partial<PlanInput> = {}): string[] {
  try {
    planned(options, given);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 104);
    assert.match(error.hint ?? '', /docs\/scripting\.md/);
    return error.message.split('\n');
  }
  throw new assert.AssertionError({ message: 'nothing was found wrong' });
}
