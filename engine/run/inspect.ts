import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { publicUrl } from '../client/target.js';
import { type LoadProfile, profileOf, sumProfiles } from '../executors/load-profile.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { Threshold } from '../metrics/thresholds.js';
import type { Window } from '../metrics/window.js';
import type { ScenarioPlan } from '../options/plan.js';
import type { GivenBy, Settings } from '../options/settings.js';
import { type TimingOptions, timingOf } from '../options/timing.js';
import { prepare } from './prepare.js';
import { checkAddress } from './resolve-targets.js';

/** Load of one scenario over time. */
export interface ScenarioProfile extends LoadProfile {
  readonly name: string;
  readonly description: string;
}

/** Inspection of a scenario file: what a run would do. Times are milliseconds. */
export interface Inspection {
  readonly scenario: string;
  /** Names of the functions that the file exports. */
  readonly functions: readonly string[];
  /** Configured server, without secrets; null where there is none. */
  readonly target: { readonly baseUrl: string; readonly model: string | null; readonly preflight: boolean } | null;
  readonly scenarios: readonly InspectedScenario[];
  readonly maxVus: number;
  /** End of the last scenario's iteration starts. */
  readonly duration: number;
  /** Window in which the VUs are at their maximum. */
  readonly steady: Window;
  readonly thresholds: readonly Pick<Threshold, 'metric' | 'source' | 'window' | 'abortOnFail' | 'delayAbortEval'>[];
  /** Custom metrics that the file creates. */
  readonly metrics: Readonly<Record<string, MetricInfo>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly setupTimeout: number;
  readonly teardownTimeout: number;
  /** Null where each run chooses. That is a new seed, or as many threads as fit the machine. */
  readonly seed: number | null;
  readonly workers: number | null;
  readonly warnings: readonly string[];
}

/** One scenario, with its options and their defaults. */
export interface InspectedScenario
  extends Pick<ScenarioPlan, 'name' | 'executor' | 'description' | 'exec' | 'startTime' | 'env' | 'tags' | 'options'> {
  readonly duration: number;
  readonly maxVus: number;
}

/**
 * Reads a scenario file as a run would, without server or load. `script` is the text of the file and of its own files
 * together.
 */
export async function inspect(
  file: string | URL,
  settings: Settings = {},
  by: GivenBy = 'program',
  timing: TimingOptions = {},
): Promise<{
  readonly inspection: Inspection;
  readonly profiles: readonly ScenarioProfile[];
  readonly script: string;
}> {
  const { bundle, plan, functions, metrics, warnings } = await prepare(file, settings, by, timingOf(timing));
  const script = (await readFile(bundle.script, 'utf8')).replace(/^\/\/# sourceMappingURL=.*$/m, '');
  await bundle.dispose();
  const { baseUrls, model, preflight, places } = plan.target;
  for (const baseUrl of baseUrls) checkAddress(baseUrl, places.baseUrl);
  const inspection: Inspection = {
    scenario: relative(process.cwd(), bundle.file),
    functions,
    target:
      baseUrls.length === 0 ? null : { baseUrl: baseUrls.map(publicUrl).join(', '), model: model ?? null, preflight },
    scenarios: plan.scenarios.map(({ load, firstVu: _, ...scenario }) => {
      return { ...scenario, duration: load.duration, maxVus: load.maxVus };
    }),
    maxVus: plan.vus,
    duration: plan.duration,
    steady: plan.steady,
    thresholds: plan.thresholds.map(({ metric, source, window, abortOnFail, delayAbortEval }) => {
      return { metric, source, window, abortOnFail, delayAbortEval };
    }),
    metrics,
    tags: plan.options.tags,
    labels: plan.options.labels,
    setupTimeout: plan.options.setupTimeout,
    teardownTimeout: plan.options.teardownTimeout,
    seed: plan.options.seed ?? null,
    workers: plan.options.workers ?? null,
    warnings,
  };
  return { inspection, profiles: profilesOf(plan.scenarios), script };
}

/** Load profile of each scenario. Those that share a unit are summed up too. */
function profilesOf(scenarios: readonly ScenarioPlan[]): ScenarioProfile[] {
  const profiles = scenarios.map(({ name, description, startTime, load }) => {
    return { name, description, ...profileOf(load, startTime) };
  });
  const units = ['VUs', 'iterations/s'] as const;
  const totals = units.flatMap((unit) => {
    const several = profiles.filter((profile) => profile.unit === unit);
    const description = `${several.length} scenarios`;
    return several.length > 1 ? [{ name: 'in total', description, ...sumProfiles(several, unit) }] : [];
  });
  return [...profiles, ...totals];
}
