import type { Group } from '../group/grouping.js';
import { cardsOf } from '../group/model-figures.js';
import { type Setting, settingFigure } from '../group/setting.js';
import { type Judgement, judgeDropped, judgeObjective, type Objective, type Verdict, worstOf } from './objective.js';

/** What load is counted in: users, or requests a second. */
export type Unit = 'users' | 'rate';

/** A measured level of one replica, held against the objectives. */
export interface Step {
  readonly setting: Setting;
  /** Of one replica, in the unit that was asked for. */
  readonly load: number;
  readonly judgements: readonly Judgement[];
  readonly verdict: Verdict;
  /** Output tokens a second of one replica. */
  readonly tokensPerSecond: number;
}

/** How much one replica carries within the objectives. */
export interface Carrying {
  /** The most load: where the first condition is expected to reach its limit. */
  readonly limit: number;
  /** The same where every figure is at the worse end of its bounds; 0 where not even the lowest level passes surely. */
  readonly sure: number;
  /** The highest level that passes with all below it, and the one that does not. */
  readonly passing: Step;
  readonly failing?: Step;
  /** The condition that fails first. */
  readonly first?: Judgement;
  /** Why nothing is known above: levels end there, or throughput does. */
  readonly end: 'fails' | 'not measured' | 'saturated';
}

/**
 * The levels of a group as load on one replica, from the least on. Asked for requests a second, those of arrivals; where there are
 * none, what users came to, as far as it rises with them.
 */
export function stepsOf(
  group: Group,
  objectives: readonly Objective[],
  unit: Unit,
): { readonly steps: readonly Step[]; readonly isSaturated: boolean } {
  const open = group.settings.filter(({ level }) => level.kind === 'rate');
  const closed = group.settings.filter(({ level }) => level.kind === 'users');
  const chosen = unit === 'rate' && open.length > 0 ? open : closed;
  const steps = chosen.flatMap((setting): Step[] => {
    const { replicas } = cardsOf(setting.runs[0]!.record);
    const measured = settingFigure(setting, 'llm_requests_per_second', 'value')?.value;
    const load = unit === setting.level.kind ? setting.level.value : measured;
    const tokens = settingFigure(setting, 'llm_output_tokens_per_second', 'value')?.value ?? 0;
    if (load === undefined || load <= 0) return [];
    const records = setting.runs.map(({ record }) => record);
    const dropped = judgeDropped(records);
    const judgements = [
      ...objectives.map((objective) => judgeObjective(records, objective)),
      ...(dropped ? [dropped] : []),
    ];
    const verdict = worstOf(judgements.map((each) => each.verdict));
    return [{ setting, load: load / replicas, judgements, verdict, tokensPerSecond: tokens / replicas }];
  });
  const rising = steps.filter(({ load }, index) => steps.slice(0, index).every((before) => before.load < load));
  return { steps: rising, isSaturated: rising.length < steps.length };
}

/** How much a replica carries by its steps; undefined where the lowest of them does not pass. */
export function carryingOf(steps: readonly Step[], isSaturated: boolean): Carrying | undefined {
  const fails = steps.findIndex(({ verdict }) => verdict === 'not');
  const passing = steps[fails < 0 ? steps.length - 1 : fails - 1];
  if (!passing || fails === 0) return undefined;
  const failing = fails < 0 ? undefined : steps[fails];
  const found = crossing(passing, failing, 'value');
  return {
    limit: found.load,
    sure: sureLoad(steps, failing),
    passing,
    ...(failing && { failing }),
    ...(found.first && { first: found.first }),
    end: failing ? 'fails' : isSaturated ? 'saturated' : 'not measured',
  };
}

type End = 'value' | 'worse';

/** Where the first condition reaches its limit between two levels: each figure runs straight over the logarithm of the load. */
function crossing(
  passing: Step,
  failing: Step | undefined,
  end: End,
): { readonly load: number; readonly first?: Judgement } {
  if (!failing) return { load: passing.load };
  const loads = failing.judgements.flatMap((after, index) => {
    const [low, high] = [valueAt(passing.judgements[index], end), valueAt(after, end)];
    const { limit } = after.objective;
    if (isWithin(after, end)) return [];
    // Without a figure at either end the level that passes is all that is known.
    if (low === undefined || high === undefined || high === low) return [{ load: passing.load, first: after }];
    const share = Math.min(1, Math.max(0, (limit - low) / (high - low)));
    return [{ load: passing.load * (failing.load / passing.load) ** share, first: after }];
  });
  const [first] = loads.toSorted((a, b) => a.load - b.load);
  return first ?? { load: passing.load };
}

function sureLoad(steps: readonly Step[], failing: Step | undefined): number {
  const until = failing ? steps.indexOf(failing) : steps.length;
  const unsure = steps.findIndex(({ verdict }, index) => index <= until && verdict !== 'surely');
  if (unsure < 0) return steps.at(-1)?.load ?? 0;
  const before = steps[unsure - 1];
  return before ? crossing(before, steps[unsure], 'worse').load : 0;
}

/** A figure, or the end of its bounds that is nearer to failing. */
function valueAt(judgement: Judgement | undefined, end: End): number | undefined {
  const figure = judgement?.figure;
  if (!judgement || !figure) return undefined;
  if (end === 'value') return figure.value;
  return judgement.objective.operator.startsWith('<') ? figure.bounds?.[1] : figure.bounds?.[0];
}

function isWithin({ verdict }: Judgement, end: End): boolean {
  return end === 'value' ? verdict !== 'not' : verdict === 'surely';
}

/** Between which levels a load lies; of one alone where it is below the lowest or at one of them. */
export function around(steps: readonly Step[], load: number): readonly [Step, Step] | undefined {
  const above = steps.findIndex((step) => step.load >= load * (1 - 1e-9));
  const high = steps[above < 0 ? steps.length - 1 : above];
  if (!high) return undefined;
  const low = Math.abs(high.load / load - 1) < 1e-9 ? high : steps[above - 1];
  return [low ?? high, high];
}

/**
 * A figure of the steps at a load: straight over the logarithm of the load between the levels around it. Below the lowest level it is
 * that level's, above the highest that of the highest.
 */
export function interpolated(
  steps: readonly Step[],
  load: number,
  of: (step: Step) => number | undefined,
): number | undefined {
  const found = around(steps, load);
  if (!found) return undefined;
  const [low, high] = found;
  const [a, b] = [of(low), of(high)];
  if (low === high || a === undefined || b === undefined) return b;
  const share = Math.min(1, Math.log(load / low.load) / Math.log(high.load / low.load));
  return a + (b - a) * share;
}

/** Output tokens a second at a load; below the lowest level as much less as the load is. */
export function tokensAt(steps: readonly Step[], load: number): number {
  const [lowest] = steps;
  if (lowest && load < lowest.load) return (lowest.tokensPerSecond * load) / lowest.load;
  return interpolated(steps, load, ({ tokensPerSecond }) => tokensPerSecond) ?? 0;
}
