import { ratioBounds } from '../confidence-interval.js';
import { type Level, levelText } from '../recorded-run.js';
import { asEstimate, type Figure } from './figure.js';
import { type Group, groupName } from './grouping.js';
import { labelText } from './label.js';
import { requestsApart } from './requests-apart.js';
import { type Setting, settingFigure } from './setting.js';

/** Relation of a place to the next. Surely better, a tie by the bounds, or not comparable. */
type Relation = 'better' | 'tie' | 'not judged';

/** Place of a group in a ranking. */
interface Place {
  readonly group: Group;
  readonly name: string;
  readonly figure: Figure;
  /** True where the numbers of one of its runs are suspect. */
  readonly suspect: boolean;
  /** Relation to the next place; undefined at the last. */
  readonly next?: Relation;
}

/** Ranking of groups by one figure at one load, best first. */
export interface Ranking {
  readonly metric: string;
  readonly key: string;
  readonly level: Level;
  /** Labels that all of them share. */
  readonly shared: Readonly<Record<string, string>>;
  readonly simulated: boolean;
  readonly places: readonly Place[];
  /** Surely different pairs among places that are tied through those between. */
  readonly apart: readonly (readonly [better: string, worse: string])[];
  /** Groups whose requests differed from the first's. */
  readonly incomparable: readonly string[];
}

/** Ranked figures: latencies at one user, throughput and latencies at every level. */
const FIGURES: readonly (readonly [metric: string, key: string, lowIsBest: boolean])[] = [
  ['llm_ttft', 'avg', true],
  ['llm_tpot', 'avg', true],
  ['llm_itl', 'avg', true],
  ['llm_e2e', 'avg', true],
  ['llm_output_tokens_per_second', 'value', false],
  ['llm_session_duration', 'avg', true],
  ['llm_sessions_per_hour', 'value', false],
];

/** Groups that differ in the first label only. All measured, or all simulated. */
export interface Family {
  readonly column: string;
  readonly shared: Readonly<Record<string, string>>;
  readonly simulated: boolean;
  readonly groups: readonly Group[];
}

/** Families of groups: compared by the first label, equal in all others. */
export function families(groups: readonly Group[], by: readonly string[]): readonly Family[] {
  const [column = '', ...rest] = by;
  const found = new Map<string, Group[]>();
  for (const group of groups) {
    const [, ...key] = JSON.parse(group.key) as string[];
    const text = JSON.stringify(key);
    found.set(text, [...(found.get(text) ?? []), group]);
  }
  return [...found.values()].map((members) => {
    const labels = members[0]!.labels;
    const shared = Object.fromEntries(rest.map((label) => [label, labels[label] ?? '']));
    return { column, shared, simulated: members[0]!.simulated, groups: members };
  });
}

/** Common labels of a family, in words: `Qwen2.5-7B, TP 1 (simulated)`. */
export function familyName({ shared, simulated }: Pick<Family, 'shared' | 'simulated'>): string {
  return groupName({ labels: shared, simulated });
}

/** Name of a group within its family. */
export function columnName({ column }: Family, { labels }: Group): string {
  return labelText(column, labels[column] ?? '');
}

/** Levels of a family's groups in rising order, without duplicates. */
export function levelsOf({ groups }: Pick<Family, 'groups'>): readonly Level[] {
  const byText = new Map(groups.flatMap(({ settings }) => settings.map(({ level }) => [levelText(level), level])));
  return [...byText.values()].sort(
    (a, b) => Number(a.kind === 'rate') - Number(b.kind === 'rate') || a.value - b.value,
  );
}

/** Setting of a group at a level. */
export function settingAt({ settings }: Group, level: Level): Setting | undefined {
  return settings.find((setting) => setting.level.kind === level.kind && setting.level.value === level.value);
}

/** Rankings of a family, for each level of two or more groups. */
export function rankings(family: Family): readonly Ranking[] {
  return levelsOf(family).flatMap((level) =>
    FIGURES.flatMap(([metric, key, lowIsBest]): Ranking[] => {
      const ranking = rank(family, level, metric, key, lowIsBest);
      return ranking.places.length < 2 ? [] : [ranking];
    }),
  );
}

function rank(family: Family, level: Level, metric: string, key: string, lowIsBest: boolean): Ranking {
  const found = family.groups.flatMap((group) => {
    const setting = settingAt(group, level);
    const figure = setting && settingFigure(setting, metric, key);
    return setting && figure ? [{ group, setting, figure, name: columnName(family, group) }] : [];
  });
  const [first] = found;
  const incomparable = found.flatMap(({ name, setting }) => {
    const apart = first && requestsApart(first.setting, setting);
    return apart === undefined ? [] : [`${name}: ${apart}`];
  });
  const sorted = found.toSorted((a, b) => (lowIsBest ? 1 : -1) * (a.figure.value - b.figure.value));
  const relation = (a: (typeof sorted)[number], b: (typeof sorted)[number]): Relation =>
    requestsApart(a.setting, b.setting) === undefined ? compared(a.figure, b.figure) : 'not judged';
  const places = sorted.map((each, index): Place => {
    const after = sorted[index + 1];
    const { group, name, figure } = each;
    const suspect = each.setting.runs.some(({ record }) => record.quality.verdict === 'suspect');
    return { group, name, figure, suspect, ...(after && { next: relation(each, after) }) };
  });
  const apart = sorted.flatMap((a, from) =>
    sorted.slice(from + 2).flatMap((b, distance): [string, string][] => {
      const between = places.slice(from, from + distance + 2);
      const isTied = between.every(({ next }) => next === 'tie');
      return isTied && relation(a, b) === 'better' ? [[a.name, b.name]] : [];
    }),
  );
  const { shared, simulated } = family;
  return { metric, key, level, shared, simulated, places, apart, incomparable };
}

/** Relation of two figures. A tie if the bounds of their ratio include 1. */
function compared(a: Figure, b: Figure): Relation {
  const [one, two] = [asEstimate(a), asEstimate(b)];
  const bounds = one && two && ratioBounds(one, two);
  if (!bounds) return 'not judged';
  return bounds[0] <= 1 && 1 <= bounds[1] ? 'tie' : 'better';
}

/** Ranking in one line: `H800 > A800 (suspect) ≈ H20 ? RTX 4090`. */
export function rankingText({ places }: Pick<Ranking, 'places'>): string {
  const signs = { better: ' > ', tie: ' ≈ ', 'not judged': ' ? ' } as const;
  const marked = ({ name, suspect }: Place) => (suspect ? `${name} (suspect)` : name);
  return places.map((place) => marked(place) + (place.next ? signs[place.next] : '')).join('');
}
