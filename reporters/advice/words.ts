import type { Advice, Alternatives, Source } from '../../engine/results/advise/advice.js';
import type { Option } from '../../engine/results/advise/candidate.js';
import type { Objective } from '../../engine/results/advise/objective.js';
import { amount, count, duration, NO_NUMBER, percent } from '../format.js';

/** Load that was asked for: `500 users`, `12.5 requests/s`. */
export function loadText({ asked }: Pick<Advice, 'asked'>): string {
  const { unit, value } = asked.load;
  return unit === 'users' ? amount(value, 'user') : `${count(value)} ${UNITS[unit]}`;
}

/** Units of load. */
export const UNITS: Readonly<Record<Advice['asked']['load']['unit'], string>> = {
  users: 'users',
  rate: 'requests/s',
  sessions: 'sessions/hour',
};

/** Load of one replica. */
export function shareText(unit: Advice['asked']['load']['unit'], load: number): string {
  return unit === 'users' ? count(Math.floor(load * (1 + 1e-9))) : count(Number(load.toPrecision(3)));
}

/** Name of each source of figures. */
const SOURCES: Readonly<Record<Source, string>> = {
  measured: 'measured',
  simulated: 'simulated',
  roofline: 'estimated from the roofline',
};

/** Model and source of its figures: `Qwen2.5-7B, simulated`. */
export function alternativesName({ model, source }: Pick<Alternatives, 'model' | 'source'>): string {
  return [model, SOURCES[source]].filter((part) => part !== '').join(', ');
}

/** Value of an objective's metric, with its unit. */
export function valueText({ contains, key, metric }: Objective, value: number | undefined): string {
  if (value === undefined) return NO_NUMBER;
  if (contains === 'time') return duration(value, 'kept');
  return key === 'rate' && /failed$|^checks$|good$/.test(metric) ? percent(value) : count(Number(value.toPrecision(4)));
}

/** Amount of money to two decimals, or three digits below one. */
export function money(value: number | undefined, currency: string): string {
  if (value === undefined) return NO_NUMBER;
  const text = value === 0 || value >= 1 ? value.toFixed(2) : value.toPrecision(3);
  return `${text} ${currency}`;
}

/** Headroom of an option: `+12.8%`, or `≥ 0%` where more was not measured. */
export function headroomText({ headroom, isAtLeast }: Option): string {
  // A share that is rounded to zero has no sign.
  return `${isAtLeast ? '≥ ' : ''}+${Math.max(0, 100 * headroom).toFixed(0)}%`;
}

/** Certainty of an option, and the replicas that make it certain. */
export function verdictText({ verdict, sureReplicas }: Option): string {
  const text = verdict === 'surely' ? 'certain' : 'likely';
  return sureReplicas === undefined ? text : `${text} (certain with ${sureReplicas})`;
}

/** Sentence for each limit of an option's capacity. */
export const LIMITS: Readonly<Record<Option['limitation']['limit'], string>> = {
  'KV memory': 'KV memory',
  queue: 'queue',
  compute: 'compute',
  bandwidth: 'bandwidth',
  other: 'not the card',
  unknown: 'not known',
};

/** Explanation of an option, line by line: its evidence and its bottleneck. */
export function explanation(option: Option): readonly string[] {
  const { expected, limitation, first, basis } = option;
  const values = expected.map(({ objective, value }) => `${objective.text}: ${valueText(objective, value)}`).join('; ');
  const evidence = limitation.evidence.length === 0 ? '' : ` (${limitation.evidence.join(', ')})`;
  return [
    `at this load ${values}`,
    ...basis,
    `${first ? `${first.text} fails first; ` : ''}limited by: ${LIMITS[limitation.limit]}${evidence}`,
  ];
}

/** Cost of a finished session; without sessions, of a million output tokens. */
function perUnit({ costPerSession, costPerMillion }: Option, currency: string): string {
  if (costPerSession !== undefined) return `${money(costPerSession, currency)} per finished session`;
  return `${money(costPerMillion, currency)} per million output tokens`;
}

/** Answer in one line; undefined where there is none. */
export function answerText({ options, source }: Alternatives, currency: string): string | undefined {
  const [best] = options;
  if (!best) return undefined;
  const cost =
    best.costPerHour === undefined ? '' : `, ${money(best.costPerHour, currency)} an hour, ${perUnit(best, currency)}`;
  const how = source === 'measured' ? '' : ` (${SOURCES[source]})`;
  const sure = best.verdict === 'surely' ? '' : ', likely';
  return `${amount(best.replicas, 'replica')} of ${best.name}: ${amount(best.cards, 'card')}${cost}${sure}${how}`;
}

/** Notes that the answer is not complete without. */
export function answerNotes({ options }: Alternatives, { asked }: Pick<Advice, 'asked'>): readonly string[] {
  const [best] = options;
  if (!best) return [];
  const { unit } = asked.load;
  const each = `${shareText(unit, best.limit)} ${UNITS[unit]}`;
  const most = loadText({ asked });
  const open = isOpen(best)
    ? `each carries at least ${each}: every measured level passed. Fewer may do, and another card may be cheaper: measure up to the limit, or to ${most}`
    : undefined;
  const cheaper = options
    .filter(({ costPerMillion = Number.POSITIVE_INFINITY }) => costPerMillion < (best.costPerMillion ?? 0) * 0.99)
    .sort((a, b) => (a.costPerMillion ?? 0) - (b.costPerMillion ?? 0))[0];
  const currency = asked.prices?.currency ?? '';
  const perToken =
    cheaper &&
    `cheapest by the hour for this load; by the token it is ${cheaper.name}, ${money(cheaper.costPerMillion, currency)} per million: its users are answered sooner and ask more`;
  return [open, perToken].filter((text) => text !== undefined);
}

/** True if fewer replicas might do, since no measured level failed. */
export function isOpen({ isAtLeast, replicas }: Option): boolean {
  return isAtLeast && replicas > 1;
}
