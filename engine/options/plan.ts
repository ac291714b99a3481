import type { ProtocolName } from '../api/options.js';
import { formatDuration } from '../clock.js';
import { didYouMean } from '../errors.js';
import type { Load } from '../executors/load.js';
import { ownLoad } from '../executors/own-load.js';
import { describeLoad, type ScenarioOptions } from '../executors/registry.js';
import type { Share } from '../executors/share.js';
import { steadyWindow } from '../executors/steady-state.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { Tags } from '../metrics/series.js';
import type { Threshold } from '../metrics/thresholds.js';
import type { Window } from '../metrics/window.js';
import { type HttpPlan, httpPlan } from './http-options.js';
import { type Layer, mergeLayers, readLayers } from './layers.js';
import type { AllOptions } from './option-table.js';
import { type PlannedTransport, plannedTransport } from './planned-transport.js';
import { refuse } from './refuse.js';
import { loadOf } from './scenario-load.js';
import { type Problem, readScenario } from './scenario-options.js';
import { machineShare } from './share-option.js';
import { type ChosenLoad, chooseLoad } from './shortcuts.js';
import { checkOrder, type FollowedStart, placeFollowers } from './start-order.js';
import { readThresholds, type Submetric } from './threshold-options.js';

/** One scenario of a plan. Times in milliseconds. */
export interface ScenarioPlan {
  readonly name: string;
  readonly executor: ScenarioOptions['executor'];
  readonly description: string;
  readonly exec: string;
  /** Start time since the start of the load. The latest possible one, where it starts after another. */
  readonly startTime: number;
  readonly startAfter?: FollowedStart;
  readonly env: Tags;
  readonly tags: Tags;
  readonly load: Load;
  /** Index of its first user among those of all scenarios. */
  readonly firstVu: number;
  /** The executor's own options, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Options that the plan has in parts of its own. */
const PLANNED = [
  ...(['baseUrl', 'baseUrls', 'model', 'apiKey', 'tls', 'thresholds', 'secretSources'] as const),
  ...(['scenarios', 'vus', 'duration', 'iterations', 'stages'] as const),
] as const satisfies readonly (keyof AllOptions)[];

type PlainOptions = {
  readonly [Name in keyof Omit<AllOptions, (typeof PLANNED)[number]>]: Exclude<AllOptions[Name], undefined>;
};

/** Plan of a whole run. Plain data: it is sent to the workers as it is. */
export interface Plan {
  readonly scenarios: readonly ScenarioPlan[];
  /** Maximum number of VUs of all scenarios together. */
  readonly vus: number;
  /** This machine's share. Every other number of the plan is of all machines. */
  readonly share: Share;
  /** End of the last scenario's iteration starts, in milliseconds since the start. */
  readonly duration: number;
  readonly steady: Window;
  readonly thresholds: readonly Threshold[];
  /** Submetrics with sums of their own: every selector among the thresholds. */
  readonly submetrics: readonly Submetric[];
  /** Tags that split series besides scenario and name, for thresholds. */
  readonly tagKeys: readonly string[];
  /** All other options with their defaults. Times in milliseconds. */
  readonly options: PlainOptions;
  readonly http: HttpPlan;
  readonly target: PlannedTarget;
  readonly transport: PlannedTransport;
  /** Sources of secrets, which no output may show. */
  readonly secretSources: readonly string[];
  /** True for a script of k6, whose rules then hold. All its figures are of the whole run. */
  readonly isK6: boolean;
}

/** Options of the server under test. */
export interface PlannedTarget {
  /** One server, or several that take turns. */
  readonly baseUrls: readonly string[];
  readonly model: string | undefined;
  readonly apiKey: string | undefined;
  /** Run a preflight request before the load. */
  readonly preflight: boolean;
  /** Protocol of the preflight request. */
  readonly protocol: ProtocolName;
  /** Places of these options, as the user wrote them. */
  readonly places: { readonly baseUrl: string; readonly preflight: string };
}

const NO_WINDOW: Window = { from: 0, to: 0 };

/** Inputs of a plan. */
export interface PlanInput {
  /** Sources of options, in ascending precedence. */
  readonly layers: readonly Layer[];
  /** Names of the functions that the file exports. */
  readonly functions: readonly string[];
  /** Metrics that the file creates. */
  readonly metrics: Readonly<Record<string, MetricInfo>>;
  /** True for a script of k6. */
  readonly isK6?: boolean;
}

/** Makes the plan, or throws one UserError with every problem. Warnings go to `warn`. */
export function makePlan({ layers, functions, metrics, isK6 = false }: PlanInput, warn: (text: string) => void): Plan {
  const problems: Problem[] = [];
  const read = readLayers(layers, problems);
  // Valid options are processed further, to report all problems at once.
  const { options, placeOf } = mergeLayers(read, problems);
  const { thresholds, submetrics } = readThresholds({ ...options, isK6 }, metrics, placeOf, problems);
  const chosen = chooseLoad(read, problems, warn);
  const scenarios = chosen ? planScenarios(chosen, functions, problems, warn) : [];
  const { share = options.executionSegment, executionSegment = share } = options;
  if (share !== executionSegment) {
    const message = `is ${executionSegment} of the run, but ${placeOf('share')} is ${share}: give one of the two`;
    problems.push({ where: placeOf('executionSegment'), message });
  }
  if (options.startAt !== undefined && options.startTogether !== undefined) {
    problems.push({ where: placeOf('startAt'), message: `excludes ${placeOf('startTogether')}: give one of the two` });
  }
  if (options.startTogether !== undefined && share === undefined) {
    problems.push({ where: placeOf('startTogether'), message: `needs ${placeOf('share')}, such as 1/2` });
  }
  const steady = isK6 ? NO_WINDOW : steadyWindow(scenarios, options.warmup);
  if (problems.length === 0 && options.warmup > 0 && steady.from === steady.to) {
    problems.push({ where: placeOf('warmup'), message: tooLongWarmup(scenarios) });
  }
  if (problems.length > 0) throw refuse(problems);
  const { baseUrl, baseUrls, model, apiKey, preflight, protocol } = options;
  return {
    scenarios,
    vus: scenarios.reduce((sum, { load }) => sum + load.maxVus, 0),
    share: machineShare(share),
    duration: Math.max(...scenarios.map(({ startTime, load }) => startTime + load.duration)),
    steady,
    thresholds: options.noThresholds ? [] : thresholds,
    submetrics,
    tagKeys: [...new Set(submetrics.flatMap(({ selector }) => Object.keys(selector)))].filter(
      (tag) => !['scenario', 'name', 'failed', 'check'].includes(tag),
    ),
    options: plainOptions(options),
    target: {
      baseUrls: baseUrls ?? [baseUrl ?? []].flat(),
      model,
      apiKey,
      preflight,
      protocol,
      places: { baseUrl: placeOf(baseUrls ? 'baseUrls' : 'baseUrl'), preflight: placeOf('preflight') },
    },
    transport: plannedTransport(options, placeOf),
    http: httpPlan(options),
    secretSources: options.secretSources ?? [],
    isK6,
  };
}

/** Plan as this machine has its share of it, for display. Workers get the whole plan and their share. */
export function ownPlan(plan: Plan): Plan {
  if (plan.share.count === 1) return plan;
  const scenarios = plan.scenarios.map((scenario) => ({ ...scenario, load: ownLoad(scenario.load, plan.share) }));
  return { ...plan, scenarios, vus: scenarios.reduce((sum, { load }) => sum + load.maxVus, 0) };
}

function plainOptions(options: AllOptions): PlainOptions {
  const { serverMetrics, preflight } = options;
  const plain = Object.entries(options).filter(([name]) => !PLANNED.some((planned) => planned === name));
  return {
    ...(Object.fromEntries(plain) as PlainOptions),
    // Without a preflight the server is not polled for metrics by default.
    serverMetrics: serverMetrics === 'auto' && !preflight ? 'off' : serverMetrics,
  };
}

function planScenarios(
  chosen: ChosenLoad,
  functions: readonly string[],
  problems: Problem[],
  warn: (text: string) => void,
): ScenarioPlan[] {
  const plans: ScenarioPlan[] = [];
  const after = new Map<string, string | undefined>();
  let firstVu = 0;
  for (const [name, scenario] of Object.entries(chosen.scenarios)) {
    const read = readScenario(name, scenario);
    problems.push(...read.problems.map(({ where, message }) => ({ where: chosen.placeOf(where), message })));
    const { exec, startAfter } = read.sound;
    after.set(name, startAfter);
    if (exec !== undefined && !functions.includes(exec)) {
      const there = functions.length > 0 ? `there are: ${functions.join(', ')}` : 'the file exports no function';
      const where = chosen.placeOf(`scenarios.${name}.exec`);
      problems.push({
        where,
        message: `no exported function is called ${exec}; ${there}${didYouMean(exec, functions)}`,
      });
    }
    if (!read.output) continue;
    const load = loadOf(name, read.output, chosen, problems, warn);
    if (!load) continue;
    const plan = planScenario(name, read.output, load, firstVu);
    firstVu += plan.load.maxVus;
    plans.push(plan);
  }
  checkOrder(after, problems);
  return problems.length > 0 ? [] : placeFollowers(plans);
}

function planScenario(name: string, options: ScenarioOptions, load: Load, firstVu: number): ScenarioPlan {
  const { executor, exec, startTime, startAfter, env, tags, ...rest } = options;
  return {
    name,
    executor,
    description: describeLoad(options, load),
    exec,
    startTime,
    ...(startAfter !== undefined && { startAfter: { scenario: startAfter, pause: startTime } }),
    env,
    tags,
    load,
    firstVu,
    options: { startTime, ...(startAfter !== undefined && { startAfter }), ...rest },
  };
}

/** Problem of a warm-up that leaves no steady state. */
function tooLongWarmup(scenarios: readonly ScenarioPlan[]): string {
  const { from, to } = steadyWindow(scenarios);
  return to > from
    ? `the load is at its maximum for ${formatDuration(to - from)}, so nothing would remain: expected less than that`
    : 'the load never stays at its maximum, so there is no steady state to warm up for';
}
