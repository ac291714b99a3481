import { type Group, groupName } from '../group/grouping.js';
import { canonical } from '../group/label.js';
import { cardsOf } from '../group/model-figures.js';
import { type Level, levelText } from '../recorded-run.js';
import { type Bottleneck, bottleneckOf } from './bottleneck.js';
import { excess, type Objective, type Verdict } from './objective.js';
import type { Prices } from './prices.js';
import { around, flowAt, interpolated, type ReplicaCapacity, type Step, type Unit } from './replica-capacity.js';

/** Expected figure of a condition, and its verdict. */
export interface Expectation {
  readonly objective: Objective;
  readonly value?: number;
}

/** Deployment that carries the load. */
export interface Option {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
  /** Cards of all replicas. */
  readonly cards: number;
  /** Load on the busiest replica, and the most that one carries. */
  readonly load: number;
  readonly limit: number;
  /**
   * Growth of the whole load that is possible, as a share. With `isAtLeast` more may be possible, but was not measured.
   */
  readonly headroom: number;
  readonly isAtLeast: boolean;
  readonly verdict: Exclude<Verdict, 'not'>;
  /** Replicas needed to pass surely. Absent if these do already, or if no load does. */
  readonly sureReplicas?: number;
  /** Total of all replicas. */
  readonly tokensPerSecond: number;
  readonly costPerHour?: number;
  readonly costPerMillion?: number;
  /** Finished sessions per hour of all replicas, and the cost of one. Absent without sessions. */
  readonly sessionsPerHour?: number;
  readonly costPerSession?: number;
  readonly expected: readonly Expectation[];
  readonly limitation: Bottleneck;
  /** Condition expected to fail first; absent where no level failed. */
  readonly first?: Objective;
  /** Measurements behind the figures, in words. */
  readonly basis: readonly string[];
  /** Steps of one replica; none for roofline estimates. */
  readonly steps: readonly Step[];
}

/** Deployment that misses the objectives at its lowest load. */
export interface Impossible {
  readonly name: string;
  readonly why: readonly string[];
}

/** Option of a group that carries some load. */
export function optionOf(
  group: Group,
  steps: readonly Step[],
  carrying: ReplicaCapacity,
  asked: { readonly unit: Unit; readonly value: number },
  prices: Prices | undefined,
): Option {
  const { tensorParallel } = cardsOf(group.settings[0]!.runs[0]!.record);
  const shares = sharesOf(asked, carrying.limit);
  const sure = carrying.sure > 0 ? sharesOf(asked, carrying.sure).replicas : undefined;
  const isSure = shares.load <= carrying.sure * (1 + 1e-9);
  const { replicas, load, headroom } = shares;
  const perReplica = asked.value / replicas;
  const tokensPerSecond = replicas * (flowAt(steps, perReplica, (step) => step.tokensPerSecond) ?? 0);
  const sessionsPerHour = replicas * (flowAt(steps, perReplica, (step) => step.sessionsPerHour) ?? 0);
  const cost = costOf(group.labels.gpu, replicas * tensorParallel, tokensPerSecond, prices);
  const { costPerHour } = cost;
  const isPriced = costPerHour !== undefined && sessionsPerHour > 0;
  const expected = carrying.passing.judgements.map(({ objective }, index): Expectation => {
    const value = interpolated(steps, load, (step) => step.judgements[index]?.figure?.value);
    return { objective, ...(value !== undefined && { value }) };
  });
  return {
    name: groupName({ labels: withoutModel(group.labels), simulated: false }),
    labels: group.labels,
    ...{ replicas, load, headroom, tokensPerSecond, expected, steps, limit: carrying.limit },
    cards: replicas * tensorParallel,
    isAtLeast: carrying.end === 'not measured',
    verdict: isSure ? 'surely' : 'probably',
    ...(!isSure && sure !== undefined && { sureReplicas: sure }),
    ...cost,
    ...(sessionsPerHour > 0 && { sessionsPerHour }),
    ...(isPriced && { costPerSession: costPerHour / sessionsPerHour }),
    limitation: bottleneckOf((carrying.failing ?? carrying.passing).setting),
    ...(carrying.first && { first: carrying.first.objective }),
    basis: basisOf(steps, carrying, load),
  };
}

/** Labels of a deployment except its model. */
function withoutModel({ model: _, ...labels }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return labels;
}

/** Load per replica, given at most `limit` each. Users are whole numbers. */
export function sharesOf(
  { unit, value }: { readonly unit: Unit; readonly value: number },
  limit: number,
): { readonly replicas: number; readonly load: number; readonly headroom: number } {
  const most = unit === 'users' ? Math.max(1, Math.floor(limit * (1 + 1e-9))) : limit;
  const replicas = Math.max(1, Math.ceil((value / most) * (1 - 1e-9)));
  const load = unit === 'users' ? Math.ceil(value / replicas) : value / replicas;
  return { replicas, load, headroom: (replicas * most) / value - 1 };
}

/** Cost of some cards per hour, and per million output tokens. */
export function costOf(
  gpu: string | undefined,
  cards: number,
  tokensPerSecond: number,
  prices: Prices | undefined,
): Pick<Option, 'costPerHour' | 'costPerMillion'> {
  const price = prices?.perCardHour.get(canonical('gpu', gpu ?? ''))?.price;
  if (price === undefined) return {};
  const costPerHour = cards * price;
  return {
    costPerHour,
    ...(tokensPerSecond > 0 && { costPerMillion: (costPerHour / (tokensPerSecond * 3600)) * 1e6 }),
  };
}

/** Factor between levels beyond which interpolation is unreliable. */
const FAR_APART = 4;

function basisOf(
  steps: readonly Step[],
  { passing, failing, end, first }: ReplicaCapacity,
  load: number,
): readonly string[] {
  const level = ({ setting }: Step) => levelText(setting.level as Level);
  const bounds = around(steps, load);
  const isWide = (from: Step, to: Step) => to.load > FAR_APART * from.load;
  const [low, high] = bounds ?? [];
  const [lowest] = steps;
  const at =
    lowest && load < lowest.load
      ? `below the lowest measured level, ${level(lowest)}: assumed to be no worse`
      : low && high && low !== high
        ? `interpolated between ${level(low)} and ${level(high)}`
        : high
          ? `measured at ${level(high)}`
          : '';
  const limit = {
    fails:
      failing &&
      `the limit lies between the levels of ${level(passing)}, which passes, and ${level(failing)}, where ${missed(failing, first?.objective)}`,
    'not measured': `the level of ${level(passing)} passes and is the highest measured: higher loads are unknown`,
    saturated: `throughput does not rise beyond the level of ${level(passing)}, which passes`,
  }[end];
  const isUnsure = (failing && isWide(passing, failing)) || (low && high && isWide(low, high));
  return [at, limit ?? '', isUnsure ? 'these levels are far apart: run some between them' : ''].filter(
    (text) => text !== '',
  );
}

function missed({ judgements }: Step, first: Objective | undefined): string {
  const failed = judgements.filter(({ verdict }) => verdict === 'not');
  const names = failed.map(({ objective }) => objective.text).join(' and ');
  return failed.length > 1 && first ? `${names} fail, ${first.text} first` : `${names} fails`;
}

/** Reasons a group is not an option. Conditions missed at its lowest level, and by how much. */
export function impossible(group: Group, { setting, judgements }: Step): Impossible {
  const why = judgements.flatMap(({ objective, figure, verdict }) => {
    if (verdict !== 'not') return [];
    if (!figure) return [`${objective.text}: there is no ${objective.metric} at ${levelText(setting.level)}`];
    const over = excess(objective, figure.value);
    const by = over === undefined ? '' : `, ${(100 * over).toFixed(0)} % beyond its limit`;
    return [
      `${objective.text}: ${digits(figure.value)}${unitOf(objective)} at ${levelText(setting.level)}, the lowest that was measured${by}`,
    ];
  });
  return { name: groupName({ labels: withoutModel(group.labels), simulated: false }), why };
}

/** Four digits, never as a power of ten. */
function digits(value: number): string {
  return value >= 10_000 ? value.toFixed(0) : value.toPrecision(4);
}

/** Unit of a metric's values, as a suffix. */
export function unitOf({ contains }: Objective): string {
  return contains === 'time' ? ' ms' : '';
}
