import type { Group } from '../group/grouping.js';
import { cardsOf } from '../group/model-figures.js';
import { type Setting, settingFigure } from '../group/setting.js';
import { type Judgement, judgeDropped, judgeObjective, type Objective, type Verdict, worstOf } from './objective.js';

/** Unit of load: users, requests per second, or finished sessions per hour. */
export type Unit = 'users' | 'rate' | 'sessions';

/** Measured level of one replica, judged by the objectives. */
export interface Step {
  readonly setting: Setting;
  /** Load of one replica, in the requested unit. */
  readonly load: number;
  readonly judgements: readonly Judgement[];
  readonly verdict: Verdict;
  /** Output tokens per second of one replica. */
  readonly tokensPerSecond: number;
  /** Sessions per hour of one replica. Absent without sessions. */
  readonly sessionsPerHour?: number;
}

/** Load that one replica carries within the objectives. */
export interface ReplicaCapacity {
  /** Greatest load: where the first condition is expected to reach its limit. */
  readonly limit: number;
  /** Greatest load with every figure at the worse end of its bounds. 0 if not even the lowest level passes surely. */
  readonly sure: number;
  /** Highest level that passes with all below it, and the failing one. */
  readonly passing: Step;
  readonly failing?: Step;
  /** Condition that fails first. */
  readonly first?: Judgement;
  /** Reason nothing is known above. A failed level, the last level, or saturation. */
  readonly end: 'fails' | 'not measured' | 'saturated';
}

/**
 * Levels of a group as load on one replica, in rising order. For requests per second these are levels of arrivals;
 * without any, the request rates of user levels while they rise. For sessions per hour, those of user levels.
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
    const perHour = settingFigure(setting, 'llm_sessions_per_hour', 'value')?.value;
    const requests = settingFigure(setting, 'llm_requests_per_second', 'value')?.value;
    const load = unit === setting.level.kind ? setting.level.value : unit === 'sessions' ? perHour : requests;
    const tokens = settingFigure(setting, 'llm_output_tokens_per_second', 'value')?.value ?? 0;
    if (load === undefined || load <= 0) return [];
    const records = setting.runs.map(({ record }) => record);
    const dropped = judgeDropped(records);
    const judgements = [
      ...objectives.map((objective) => judgeObjective(records, objective)),
      ...(dropped ? [dropped] : []),
    ];
    const verdict = worstOf(judgements.map((each) => each.verdict));
    const sessionsPerHour = perHour && perHour / replicas;
    const flows = { tokensPerSecond: tokens / replicas, ...(sessionsPerHour && { sessionsPerHour }) };
    return [{ setting, load: load / replicas, judgements, verdict, ...flows }];
  });
  const rising = steps.filter(({ load }, index) => steps.slice(0, index).every((before) => before.load < load));
  return { steps: rising, isSaturated: rising.length < steps.length };
}

/** Capacity of a replica by its steps. Undefined if the lowest does not pass. */
export function capacityOf(steps: readonly Step[], isSaturated: boolean): ReplicaCapacity | undefined {
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

/**
 * Load between two levels at which the first condition reaches its limit. Interpolates linearly over the logarithm of
 * the load.
 */
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
    // Without a figure at either end, only the passing level is known.
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

/** Figure, or the end of its bounds that is nearer to failing. */
function valueAt(judgement: Judgement | undefined, end: End): number | undefined {
  const figure = judgement?.figure;
  if (!judgement || !figure) return undefined;
  if (end === 'value') return figure.value;
  return judgement.objective.operator.startsWith('<') ? figure.bounds?.[1] : figure.bounds?.[0];
}

function isWithin({ verdict }: Judgement, end: End): boolean {
  return end === 'value' ? verdict !== 'not' : verdict === 'surely';
}

/** Levels around a load. One if it is below the lowest or equal to one. */
export function around(steps: readonly Step[], load: number): readonly [Step, Step] | undefined {
  const above = steps.findIndex((step) => step.load >= load * (1 - 1e-9));
  const high = steps[above < 0 ? steps.length - 1 : above];
  if (!high) return undefined;
  const low = Math.abs(high.load / load - 1) < 1e-9 ? high : steps[above - 1];
  return [low ?? high, high];
}

/**
 * Figure at a load, interpolated linearly over the logarithm of the load. Outside of the levels, that of the lowest or
 * the highest.
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

/** Throughput at a load. Proportional to the load below the lowest level. */
export function flowAt(
  steps: readonly Step[],
  load: number,
  of: (step: Step) => number | undefined,
): number | undefined {
  const [lowest] = steps;
  const least = lowest && of(lowest);
  if (lowest && least !== undefined && load < lowest.load) return (least * load) / lowest.load;
  return interpolated(steps, load, of);
}
