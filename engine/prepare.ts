import { dirname } from 'node:path';
import { systemClock } from './clock.js';
import { Datasets } from './data/dataset.js';
import type { MetricInfo } from './metrics/catalogue.js';
import type { Tags } from './metrics/series.js';
import { type Bundle, bundle } from './script/bundle.js';
import { compile } from './script/evaluate.js';
import { load } from './script/load.js';
import { makePlan, type Plan } from './script/plan.js';
import type { TargetSettings } from './target.js';
import { placeOf } from './vu/script-error.js';
import { INSTANCE, MetricRegistry, type Thread } from './vu/thread.js';
import { Vu } from './vu/vu.js';

/** What the user asks of a run beyond what the scenario file says. */
export interface Settings {
  /** Load that replaces the file's: `vus`, `duration`, `iterations`, `stages`. */
  readonly load: Readonly<Record<string, unknown>>;
  readonly target: TargetSettings;
  /** Added to `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** Put on every sample. */
  readonly tags: Tags;
  /** Written into the summary, to tell runs apart. */
  readonly labels: Tags;
  /** Worker threads; as many as there are cores but one, where undefined. */
  readonly workers: number | undefined;
  readonly seed: number | undefined;
}

/** A scenario file that has been read and found good. */
export interface Prepared {
  readonly bundle: Bundle;
  readonly plan: Plan;
  readonly functions: readonly string[];
  readonly metrics: Readonly<Record<string, MetricInfo>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly seed: number;
  readonly warnings: readonly string[];
}

/** Bundles a scenario, reads its options and makes the plan. Throws a UserError that names every problem. */
export async function prepare(file: string, settings: Settings): Promise<Prepared> {
  const bundled = await bundle(file);
  try {
    const env = { ...settings.target.env, ...settings.env };
    const thread = idleThread(bundled.file, env);
    const evaluate = compile(bundled);
    const script = load(() => new Vu(thread, evaluate, 0, undefined).exports, placeOf);
    const warnings: string[] = [];
    const { functions, options } = script;
    const metrics = thread.metrics.all;
    const plan = makePlan({ options, functions, metrics, overrides: settings.load, tags: settings.tags }, (text) =>
      warnings.push(text),
    );
    const seed = settings.seed ?? plan.seed ?? Math.floor(Math.random() * 2 ** 32);
    return { bundle: bundled, plan, functions, metrics, env, seed, warnings };
  } catch (error) {
    await bundled.dispose();
    throw error;
  }
}

/** A thread in which a scenario is evaluated without running: nothing is measured and no server is known. */
export function idleThread(file: string, env: Readonly<Record<string, string | undefined>>, seed = 0): Thread {
  return {
    clock: systemClock,
    folder: dirname(file),
    env,
    tags: {},
    tagKeys: [],
    seed,
    vus: 1,
    minIterationDuration: 0,
    starts: new Map(),
    datasets: new Datasets(seed),
    metrics: new MetricRegistry(),
    instance: new Int32Array(Object.keys(INSTANCE).length),
    target: undefined,
    recorder: undefined,
    llm: undefined,
    elapsed: () => 0,
    abort: () => undefined,
    fail: (error) => {
      throw error;
    },
  };
}
