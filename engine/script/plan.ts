import { formatDuration } from '../clock.js';
import { ExitCode, UserError } from '../errors.js';
import { plainObject } from '../executors/fields.js';
import { describeLoad, planLoad, type ScenarioOptions } from '../executors/index.js';
import type { Load } from '../executors/load.js';
import { steadyWindow } from '../executors/steady-state.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { Tags } from '../metrics/series.js';
import type { Threshold } from '../metrics/thresholds.js';
import type { Window } from '../metrics/window.js';
import { optionsShape, type Problem, readScenario, readShape, type Shortcuts, shortcutShape } from './options.js';
import { chooseLoad, flagOf, SHORTCUTS } from './shortcuts.js';
import { checkOrder, type FollowedStart, placeFollowers } from './start-order.js';
import { readThresholds, type Submetric } from './thresholds.js';

/** One scenario of a plan. Times in milliseconds. */
export interface ScenarioPlan {
  readonly name: string;
  readonly executor: ScenarioOptions['executor'];
  readonly description: string;
  readonly exec: string;
  /** When it starts, since the start of the load; at the latest, where it starts after another. */
  readonly startTime: number;
  readonly startAfter?: FollowedStart;
  readonly env: Tags;
  readonly tags: Tags;
  readonly load: Load;
  /** Number of its first user among the users of all scenarios, counted from 0. */
  readonly firstVu: number;
  /** The executor's own options, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** All that a run is going to do. Plain data: it is sent to the workers as it is. */
export interface Plan {
  readonly scenarios: readonly ScenarioPlan[];
  /** Users of all scenarios together, at the most. */
  readonly vus: number;
  /** When the last scenario stops starting iterations, in milliseconds since the start. */
  readonly duration: number;
  readonly steady: Window;
  readonly thresholds: readonly Threshold[];
  /** Parts of metrics that are summed up by themselves: every selector among the thresholds. */
  readonly submetrics: readonly Submetric[];
  /** Tags beyond scenario and name by which samples have to be kept apart, because a threshold asks for them. */
  readonly tagKeys: readonly string[];
  readonly tags: Tags;
  readonly setupTimeout: number;
  readonly teardownTimeout: number;
  readonly minIterationDuration: number;
  readonly warmup: number;
  readonly seed: number | undefined;
  readonly target: {
    readonly baseUrl: string | undefined;
    readonly model: string | undefined;
    readonly apiKey: string | undefined;
  };
}

/** What a plan is made of. */
export interface PlanInput {
  /** The scenario file's `options` export. */
  readonly options: unknown;
  /** Names of the functions that the file exports. */
  readonly functions: readonly string[];
  /** Metrics that the file creates. */
  readonly metrics: Readonly<Record<string, MetricInfo>>;
  /** Load given on the command line: it replaces what the file says. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Tags given on the command line. */
  readonly tags: Tags;
}

/** Makes the plan, or throws one UserError with every problem that there is. Warnings go to `warn`. */
export function makePlan(input: PlanInput, warn: (text: string) => void): Plan {
  const problems: Problem[] = [];
  const options = readShape(optionsShape, input.options ?? {}, '');
  const flags = readShape(shortcutShape, input.overrides, '');
  problems.push(...options.problems, ...flags.problems.map(asFlag));
  // The options that can be read are read on, so that all that is wrong is said at once.
  const { thresholds, submetrics } = readThresholds(options.sound.thresholds ?? {}, input.metrics, problems);
  const saysHowMuch = flags.output && isLoadSound(input.options, options.sound);
  const scenarios = saysHowMuch ? planScenarios(input, options.sound, flags.output, problems, warn) : [];
  const { warmup = 0 } = options.sound;
  const steady = steadyWindow(scenarios, warmup);
  if (problems.length === 0 && warmup > 0 && steady.from === steady.to) problems.push(tooLongWarmup(scenarios));
  if (problems.length > 0 || !options.output) throw refuse(problems);
  const { tags, setupTimeout, teardownTimeout, minIterationDuration, seed, baseUrl, model, apiKey } = options.output;
  return {
    scenarios,
    vus: scenarios.reduce((sum, { load }) => sum + load.maxVus, 0),
    duration: Math.max(...scenarios.map(({ startTime, load }) => startTime + load.duration)),
    steady,
    thresholds,
    submetrics,
    tagKeys: [...new Set(submetrics.flatMap(({ selector }) => Object.keys(selector)))].filter(
      (tag) => !['scenario', 'name', 'failed', 'check'].includes(tag),
    ),
    tags: { ...tags, ...input.tags },
    setupTimeout,
    teardownTimeout,
    minIterationDuration,
    warmup,
    seed,
    target: { baseUrl, model, apiKey },
  };
}

/** Whether what the file says of the load could be read: its scenarios, or all of its shortcuts. */
function isLoadSound(raw: unknown, sound: object): boolean {
  const given = plainObject(raw ?? {});
  const names = ['scenarios', ...SHORTCUTS];
  return 'scenarios' in sound || (given !== undefined && names.every((name) => !given[name] || name in sound));
}

function planScenarios(
  { functions }: PlanInput,
  options: Parameters<typeof chooseLoad>[0],
  flags: Shortcuts,
  problems: Problem[],
  warn: (text: string) => void,
): ScenarioPlan[] {
  const chosen = chooseLoad(options, flags, problems, warn);
  const plans: ScenarioPlan[] = [];
  const after = new Map<string, string | undefined>();
  let firstVu = 0;
  for (const [name, scenario] of Object.entries(chosen.scenarios)) {
    const read = readScenario(name, scenario);
    problems.push(...read.problems.map(({ where, message }) => ({ where: chosen.nameOf(where), message })));
    const { exec, startAfter } = read.sound;
    after.set(name, startAfter);
    if (exec !== undefined && !functions.includes(exec)) {
      const there = functions.length > 0 ? `there are: ${functions.join(', ')}` : 'the file exports no function';
      const where = chosen.nameOf(`scenarios.${name}.exec`);
      problems.push({ where, message: `no exported function is called ${exec}; ${there}` });
    }
    if (!read.output) continue;
    const plan = planScenario(name, read.output, firstVu);
    firstVu += plan.load.maxVus;
    plans.push(plan);
  }
  checkOrder(after, problems);
  return problems.length > 0 ? [] : placeFollowers(plans);
}

function planScenario(name: string, options: ScenarioOptions, firstVu: number): ScenarioPlan {
  const { executor, exec, startTime, startAfter, env, tags, ...rest } = options;
  return {
    name,
    executor,
    description: describeLoad(options),
    exec,
    startTime,
    ...(startAfter !== undefined && { startAfter: { scenario: startAfter, pause: startTime } }),
    env,
    tags,
    load: planLoad(options),
    firstVu,
    options: { startTime, ...(startAfter !== undefined && { startAfter }), ...rest },
  };
}

function tooLongWarmup(scenarios: readonly ScenarioPlan[]): Problem {
  const { from, to } = steadyWindow(scenarios);
  const message =
    to > from
      ? `the load is at its maximum for ${formatDuration(to - from)}, so nothing would remain: expected less than that`
      : 'the load is nowhere at its maximum for a while, so there is nothing to warm up for';
  return { where: 'warmup', message };
}

/** `vus` → `--vus`; `stages[0].target` → `--stage`. */
function asFlag({ where, message }: Problem): Problem {
  return { where: flagOf(where.replace(/\W.*/, '')), message };
}

function refuse(problems: readonly Problem[]): UserError {
  const lines = problems.map(({ where, message }) => `${where}: ${message}`);
  return new UserError(lines.join('\n'), {
    hint: 'mend the options; docs/scripting.md lists them all',
    exitCode: ExitCode.invalidConfig,
  });
}
