import type { Options, ThresholdOptions } from '../api/options.js';
import type { Scenario } from '../api/scenarios.js';
import type { ResolvedTargets } from '../client/preflight.js';
import { publicUrl } from '../client/target.js';
import type { Plan } from '../options/plan.js';

/**
 * Effective options of a plan, as shown by `exec.test.options`. Every default is filled in and the API key left out.
 * Times are milliseconds.
 */
export function effectiveOptions(plan: Plan, seed: number, { targets }: ResolvedTargets): Options {
  const [first, ...others] = targets;
  const thresholds: Record<string, ThresholdOptions[]> = {};
  for (const { text } of plan.submetrics) thresholds[text] = [];
  for (const { metric, source, abortOnFail, delayAbortEval } of plan.thresholds) {
    thresholds[metric] = [...(thresholds[metric] ?? []), { threshold: source, abortOnFail, delayAbortEval }];
  }
  return {
    ...plan.options,
    ...(first && { baseUrl: publicUrl(first.baseUrl), model: first.model }),
    ...(others.length > 0 && { baseUrls: targets.map(({ baseUrl }) => publicUrl(baseUrl)) }),
    scenarios: Object.fromEntries(plan.scenarios.map((scenario) => [scenario.name, optionsOf(scenario)])),
    thresholds,
    seed,
  };
}

function optionsOf({ executor, exec, env, tags, options }: Plan['scenarios'][number]): Scenario {
  // Its executor's own shape made these of options that had passed it.
  return { executor, exec, env, tags, ...options } as Scenario;
}
