import { configError } from '../../errors.js';
import { DEFAULT_ENGINE } from '../../hardware/index.js';
import { type Group, groupRuns, withScenario } from '../group/grouping.js';
import { canonical, labelOf, SCENARIO } from '../group/label.js';
import { settingFigure } from '../group/setting.js';
import type { LeftOut, RecordedRun } from '../recorded-run.js';
import { type Impossible, impossible, type Option, optionOf } from './candidate.js';
import { type Objective, readObjectives } from './objective.js';
import type { Prices } from './prices.js';
import { capacityOf, stepsOf, type Unit } from './replica-capacity.js';
import { rooflineOptions } from './roofline-candidates.js';
import type { RooflineConstants } from './roofline-constants.js';
import { type Traffic, trafficOf } from './traffic.js';

/** Input of an advice: load, objectives, prices. */
export interface AdviceRequest {
  readonly load: { readonly unit: Unit; readonly value: number };
  readonly slos: readonly string[];
  readonly by: readonly string[];
  readonly prices?: Prices;
  /** Adds roofline estimates of deployments without runs. */
  readonly roofline: boolean;
  /** Constants of these estimates; default: those of DEFAULT_ENGINE. */
  readonly constants?: RooflineConstants | undefined;
}

/** Source of an option's figures. Options are ranked within one source. */
export type Source = 'measured' | 'simulated' | 'roofline';

/** Deployments of one model, from one source. */
export interface Alternatives {
  readonly model: string;
  readonly source: Source;
  readonly traffic: Traffic | undefined;
  /** Options that carry the load, cheapest first; without prices, fewest cards first. */
  readonly options: readonly Option[];
  readonly impossible: readonly Impossible[];
}

/** Deployments that carry a load within a service-level objective. */
export interface Advice {
  readonly asked: AdviceRequest;
  readonly objectives: readonly Objective[];
  readonly alternatives: readonly Alternatives[];
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Flag of each unit of load, and what other runs lack. */
const UNITS: Readonly<Record<Unit, { readonly flag: string; readonly what: string; readonly lacking: string }>> = {
  users: { flag: '--users', what: 'users', lacking: 'all runs have arrival rates: use --rate' },
  rate: { flag: '--rate', what: 'requests', lacking: 'no run has a request rate' },
  sessions: { flag: '--sessions-per-hour', what: 'sessions', lacking: 'no session ended well in any run of users' },
};

/** Advises from runs. Throws a UserError if that is impossible: see groupRuns and readObjectives. */
export function advise(runs: readonly RecordedRun[], asked: AdviceRequest, skipped: readonly LeftOut[] = []): Advice {
  const objectives = readObjectives(
    asked.slos,
    runs.map(({ record }) => record),
  );
  const chosen = ofOneScenario(runs, asked.by);
  const { groups, leftOut, warnings } = groupRuns(chosen.runs, asked.by, [...skipped, ...chosen.leftOut]);
  const byModel = new Map<string, Group[]>();
  for (const group of groups) {
    const key = JSON.stringify([canonical('model', modelOf(group)), group.simulated]);
    byModel.set(key, [...(byModel.get(key) ?? []), group]);
  }
  const fromRuns = [...byModel.values()].map((members) => fromGroups(members, objectives, asked));
  if (fromRuns.every(({ options, impossible }) => options.length + impossible.length === 0)) {
    const { unit } = asked.load;
    throw configError(UNITS[unit].flag, UNITS[unit].lacking);
  }
  const estimated = asked.roofline ? rooflineAlternatives(groups, fromRuns, objectives, asked) : [];
  return {
    asked,
    objectives,
    alternatives: [...fromRuns, ...estimated],
    assumptions: assumptionsOf(asked, groups, [...fromRuns, ...estimated]),
    warnings: [...warnings, ...unpriced(groups, asked)],
    leftOut,
  };
}

/** Runs of the scenario with the most levels, where there are several. */
function ofOneScenario(
  runs: readonly RecordedRun[],
  by: readonly string[],
): { readonly runs: readonly RecordedRun[]; readonly leftOut: readonly LeftOut[] } {
  const wide = withScenario(runs, by);
  if (wide === by) return { runs, leftOut: [] };
  const best = new Map<string, Group>();
  const { groups } = groupRuns(runs, wide);
  const keyOf = ({ labels: { [SCENARIO]: _, ...labels }, simulated }: Group) =>
    JSON.stringify([by.map((label) => canonical(label, labels[label] ?? '')), simulated]);
  for (const group of groups) {
    const before = best.get(keyOf(group));
    if (!before || group.settings.length > before.settings.length) best.set(keyOf(group), group);
  }
  const leftOut = groups.flatMap((group) => {
    const other = best.get(keyOf(group));
    if (!other || other === group) return [];
    const why = `its scenario ${group.labels[SCENARIO]} has no more levels than ${other.labels[SCENARIO]}`;
    return group.settings.flatMap((setting) => setting.runs.map(({ file }) => ({ file, why })));
  });
  const gone = new Set(leftOut.map(({ file }) => file));
  return { runs: runs.filter(({ file }) => !gone.has(file)), leftOut };
}

function modelOf(group: Group): string {
  const { record } = group.settings[0]!.runs[0]!;
  return labelOf(record, 'model') ?? record.target?.model ?? '';
}

function fromGroups(groups: readonly Group[], objectives: readonly Objective[], asked: AdviceRequest): Alternatives {
  const options: Option[] = [];
  const failing: Impossible[] = [];
  for (const group of groups) {
    const { steps, isSaturated } = stepsOf(group, objectives, asked.load.unit);
    if (steps.length === 0) continue;
    const carrying = capacityOf(steps, isSaturated);
    if (carrying) options.push(optionOf(group, steps, carrying, asked.load, asked.prices));
    else failing.push(impossible(group, steps[0]!));
  }
  const [first] = groups;
  return {
    model: modelOf(first!),
    source: first!.simulated ? 'simulated' : 'measured',
    traffic: trafficOf(groups),
    options: ranked(options),
    impossible: failing,
  };
}

/** Reason that sessions are not estimated. */
const NO_ROOFLINE: Impossible = {
  name: 'deployments without a run',
  why: [
    "most of a session's prompts is in the prefix cache, which the roofline does not know: run the scenario against tokenswarm simulate --card",
  ],
};

function hasSessions(setting: Group['settings'][number]): boolean {
  return (settingFigure(setting, 'llm_sessions', 'count')?.value ?? 0) > 0;
}

function rooflineAlternatives(
  groups: readonly Group[],
  fromRuns: readonly Alternatives[],
  objectives: readonly Objective[],
  asked: AdviceRequest,
): readonly Alternatives[] {
  const models = new Map(fromRuns.map((each) => [canonical('model', each.model), each]));
  return [...models.values()].map(({ model, traffic }) => {
    const isOfSessions = groups.some((group) => group.settings.some(hasSessions));
    if (isOfSessions) return { model, source: 'roofline', traffic, options: [], impossible: [NO_ROOFLINE] };
    const own = groups.filter((group) => canonical('model', modelOf(group)) === canonical('model', model));
    const { load, prices, constants = { engine: DEFAULT_ENGINE } } = asked;
    const found = traffic && rooflineOptions(model, own, traffic, objectives, load, prices, constants);
    return {
      ...({ model, source: 'roofline', traffic } as const),
      options: ranked(found?.options ?? []),
      impossible: found?.impossible ?? [],
    };
  });
}

/** Options ranked by cost, then those without a price by cards. */
function ranked(options: readonly Option[]): readonly Option[] {
  const cost = ({ costPerHour }: Option) => costPerHour ?? Number.POSITIVE_INFINITY;
  return options.toSorted((a, b) => {
    const [one, two] = [cost(a), cost(b)];
    return (one === two ? 0 : one - two) || a.cards - b.cards || b.headroom - a.headroom;
  });
}

function unpriced(groups: readonly Group[], { prices }: AdviceRequest): readonly string[] {
  if (!prices) return ['no prices were given: deployments are ranked by the cards that they need'];
  const cards = new Map(
    groups.flatMap(({ labels }) =>
      labels.gpu === undefined ? [] : [[canonical('gpu', labels.gpu), labels.gpu] as const],
    ),
  );
  const missing = [...cards].flatMap(([card, name]) => (prices.perCardHour.has(card) ? [] : [name]));
  return missing.length === 0 ? [] : [`there is no price for ${missing.join(', ')}: ranked after the others, by cards`];
}

function assumptionsOf(
  { load, prices }: AdviceRequest,
  groups: readonly Group[],
  alternatives: readonly Alternatives[],
): readonly string[] {
  const traffic = alternatives.flatMap(({ model, source, traffic: each }) => {
    if (!each || source === 'roofline') return [];
    const thinking =
      each.thinking > 0 ? `${(each.thinking / 1000).toFixed(1)} s between requests` : 'no pause between requests';
    const tokens = `${each.input.toFixed(0)} input and ${each.output.toFixed(0)} output tokens a request`;
    return [`requests to ${model} are like those of the ${source} runs: ${tokens}, ${thinking}`];
  });
  const isFromUsers =
    load.unit === 'rate' && groups.some(({ settings }) => settings.every(({ level }) => level.kind === 'users'));
  return [
    ...new Set(traffic),
    `${UNITS[load.unit].what} are spread evenly over replicas, which do not slow one another down`,
    'between measured levels, figures are interpolated linearly over the logarithm of the load; the highest level is the limit',
    'certain: the bounds of all figures (99 % confidence) are within the limits; likely: the figures alone are',
    ...(isFromUsers
      ? ['for runs with users, requests/s are the measured rate; arrivals that do not wait for answers are less even']
      : []),
    ...(prices ? [`prices are as given, in ${prices.currency} per card and hour, for every card all the time`] : []),
    ...(alternatives.some(({ source }) => source === 'roofline')
      ? ['roofline estimates are means, also where the limit is on a percentile: they are optimistic, and not measured']
      : []),
  ];
}
