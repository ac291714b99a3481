import type { Options, Scenario, ThresholdOptions } from './api/options.js';
import type { Found } from './client/preflight.js';
import { publicUrl } from './client/target.js';
import type { Plan } from './script/plan.js';

/**
 * A plan as the options that would make it, every default filled in and without the key: what `exec.test.options` shows.
 * Times are milliseconds.
 */
export function consolidate(plan: Plan, seed: number, target: Found | undefined): Options {
  const { tags, labels, setupTimeout, teardownTimeout, workers } = plan;
  const thresholds: Record<string, ThresholdOptions[]> = {};
  for (const { text } of plan.submetrics) thresholds[text] = [];
  for (const { metric, source, abortOnFail, delayAbortEval } of plan.thresholds) {
    thresholds[metric] = [...(thresholds[metric] ?? []), { threshold: source, abortOnFail, delayAbortEval }];
  }
  return {
    ...(target && { baseUrl: publicUrl(target.baseUrl), model: target.model }),
    preflight: plan.target.preflight,
    scenarios: Object.fromEntries(plan.scenarios.map((scenario) => [scenario.name, optionsOf(scenario)])),
    thresholds,
    tags,
    labels,
    setupTimeout,
    teardownTimeout,
    seed,
    ...(workers !== undefined && { workers }),
  };
}

function optionsOf({ executor, exec, env, tags, options }: Plan['scenarios'][number]): Scenario {
  // Its executor's own shape made these of options that had passed it.
  return { executor, exec, env, tags, ...options } as Scenario;
}
