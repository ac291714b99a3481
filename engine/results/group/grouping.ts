import { configError } from '../../errors.js';
import { isSimulated, type LeftOut, levelOf, levelText, type RecordedRun, unfitness } from '../recorded-run.js';
import { canonical, labelOf, labelText, SCENARIO } from './label.js';
import { differences, type Setting, serverContradiction, settingOf, tokensApart } from './setting.js';

/** Runs with equal labels, measured or simulated, by level of load. */
export interface Group {
  /** Unique key of the group. */
  readonly key: string;
  /** Labels that were asked for, as spelled by the first run. */
  readonly labels: Readonly<Record<string, string>>;
  readonly simulated: boolean;
  /** Settings by users first, then by rate, each in rising order. */
  readonly settings: readonly Setting[];
}

/** Runs by their labels. */
export interface Grouping {
  readonly by: readonly string[];
  readonly groups: readonly Group[];
  readonly leftOut: readonly LeftOut[];
  readonly warnings: readonly string[];
}

/**
 * Groups runs by labels, and by level in each group. Runs that lack a label, or whose figures are unfit for comparison,
 * are left out and listed. Throws a UserError that lists all contradictions: runs with equal labels and level that are
 * not repeats, and labels that contradict the server; also if nothing is left.
 */
export function groupRuns(
  runs: readonly RecordedRun[],
  by: readonly string[],
  skipped: readonly LeftOut[] = [],
): Grouping {
  const leftOut: LeftOut[] = [...skipped];
  const problems: string[] = [];
  const buckets = new Map<string, RecordedRun[]>();
  for (const run of runs) {
    const why = lacking(run, by) ?? unfitness(run.record);
    if (why !== undefined) leftOut.push({ file: run.file, why });
    else {
      const contradiction = serverContradiction(run.record);
      if (contradiction !== undefined) problems.push(`${run.file}: ${contradiction}`);
      const key = keyOf(run, by);
      buckets.set(key, [...(buckets.get(key) ?? []), run]);
    }
  }
  const groups = [...buckets].map(([key, members]): Group => {
    const [first] = members;
    problems.push(...mixtures(members, by));
    const labels = Object.fromEntries(by.map((label) => [label, labelOf(first!.record, label) ?? '']));
    const levels = new Map<string, RecordedRun[]>();
    for (const run of members) {
      const text = levelText(levelOf(run.record));
      levels.set(text, [...(levels.get(text) ?? []), run]);
    }
    const settings = [...levels].map(([text, repeats]) => {
      problems.push(...contradictions(repeats, by, text));
      return settingOf(levelOf(repeats[0]!.record), repeats);
    });
    return { key, labels, simulated: isSimulated(first!.record), settings: settings.sort(byLevel) };
  });
  if (problems.length > 0) {
    throw configError(
      `--by ${by.join(',')}`,
      problems.join('\n'),
      'add a label that distinguishes the runs and name it in --by, or leave one out',
    );
  }
  if (groups.length === 0) {
    const told = leftOut.map(({ file, why }) => `\n${file}: ${why}`).join('');
    throw configError(
      `--by ${by.join(',')}`,
      `no run is left to compare${told}`,
      'runs are labelled with --label gpu=H800 --label model=Qwen2.5-7B --label tp=1',
    );
  }
  const ordered = groups.sort((a, b) => Number(a.simulated) - Number(b.simulated) || byLabels(a, b, by));
  return { by, groups: ordered, leftOut, warnings: warningsOf(ordered) };
}

/**
 * Labels to group by. Those asked for, plus the scenario if runs with equal labels and level have several, such as one
 * user's latency and the first level of a sweep.
 */
export function withScenario(runs: readonly RecordedRun[], by: readonly string[]): readonly string[] {
  const scenarios = new Map<string, string | undefined>();
  const differ = runs.some((run) => {
    if (by.includes(SCENARIO) || lacking(run, by) !== undefined || unfitness(run.record) !== undefined) return false;
    const key = `${keyOf(run, by)} ${levelText(levelOf(run.record))}`;
    const scenario = labelOf(run.record, SCENARIO);
    if (!scenarios.has(key)) scenarios.set(key, scenario);
    return scenarios.get(key) !== scenario;
  });
  return differ ? [...by, SCENARIO] : by;
}

/** Name of a group: its labels, and `simulated` if it is. */
export function groupName({ labels, simulated }: Pick<Group, 'labels' | 'simulated'>): string {
  const name = Object.entries(labels)
    .map(([label, value]) => labelText(label, value))
    .join(', ');
  return simulated ? `${name} (simulated)` : name;
}

function lacking({ record }: RecordedRun, by: readonly string[]): string | undefined {
  const missing = by.filter((label) => labelOf(record, label) === undefined);
  if (missing.length === 0) return undefined;
  const has = Object.entries(record.run.labels).map(([name, value]) => `${name}=${value}`);
  return `it has no label ${missing.join(', ')}; it has ${has.length > 0 ? has.join(', ') : 'none'}`;
}

function keyOf({ record }: RecordedRun, by: readonly string[]): string {
  const values = by.map((label) => canonical(label, labelOf(record, label) ?? ''));
  return JSON.stringify([...values, isSimulated(record) ? 'simulated' : 'measured']);
}

/** Labels that identify a deployment. Runs of one group must agree on them. */
const IDENTIFYING = ['gpu', 'model', 'tp', 'precision', 'replicas'];

function mixtures(members: readonly RecordedRun[], by: readonly string[]): readonly string[] {
  return IDENTIFYING.filter((label) => !by.includes(label)).flatMap((label) => {
    const values = new Map<string, string>();
    for (const { record } of members) {
      const value = labelOf(record, label);
      if (value !== undefined) values.set(canonical(label, value), value);
    }
    if (values.size < 2) return [];
    const labels = by.map((each) => `${each}=${labelOf(members[0]!.record, each)}`).join(', ');
    return [`runs of ${labels} differ in ${label} (${[...values.values()].join(', ')}), which --by does not name`];
  });
}

function contradictions(repeats: readonly RecordedRun[], by: readonly string[], level: string): readonly string[] {
  const [first, ...others] = repeats;
  if (!first) return [];
  const labels = by.map((label) => `${label}=${labelOf(first.record, label)}`).join(', ');
  return others.flatMap(({ file, record }) => {
    const found = differences(first.record, record, by);
    if (found.length === 0) return [];
    return [
      `${first.file} and ${file} have the same labels (${labels}) and ${level}, but differ in ${found.join('; ')}`,
    ];
  });
}

function warningsOf(groups: readonly Group[]): readonly string[] {
  const uneven = groups.flatMap((group) => {
    const [first, ...others] = group.settings;
    const found = others.flatMap(({ tokens, level }) => {
      const apart = first && tokensApart(first.tokens, tokens);
      return apart === undefined ? [] : [`${levelText(level)}: ${apart}`];
    });
    return found.length === 0 ? [] : [`the levels of ${groupName(group)} had different work: ${found.join('; ')}`];
  });
  const kinds = new Set(groups.map(({ simulated }) => simulated));
  return [...(kinds.has(true) ? [kinds.has(false) ? MIXED : SIMULATED] : []), ...uneven, ...suspicions(groups)];
}

/** Reasons of suspect runs. Those that differ only in their numbers appear once. */
function suspicions(groups: readonly Group[]): readonly string[] {
  const found = new Map<string, { readonly reason: string; readonly files: string[] }>();
  for (const { file, record } of groups.flatMap(({ settings }) => settings.flatMap(({ runs }) => runs))) {
    for (const reason of record.quality.verdict === 'suspect' ? record.quality.reasons : []) {
      const key = reason.replace(/\d[\d.,]*/g, '#');
      const known = found.get(key) ?? { reason, files: [] };
      found.set(key, known);
      known.files.push(file);
    }
  }
  return [...found.values()].map(({ reason, files: [first = '', ...others] }) => {
    const of = others.length === 0 ? first : `${first} and ${others.length} more`;
    return `the numbers of ${of} are suspect: ${reason}${others.length > 0 ? ' (and similar)' : ''}`;
  });
}

const SIMULATED = 'all runs are simulated: no card has been measured';
const MIXED = 'some runs are simulated, others measured: each is marked, and they are ranked separately';

function byLevel(a: Setting, b: Setting): number {
  return Number(a.level.kind === 'rate') - Number(b.level.kind === 'rate') || a.level.value - b.level.value;
}

/** Order by the labels after the first, then by the first. Numbers by size, others alphabetically. */
function byLabels(a: Group, b: Group, by: readonly string[]): number {
  for (const label of [...by.slice(1), ...by.slice(0, 1)]) {
    const order = (a.labels[label] ?? '').localeCompare(b.labels[label] ?? '', 'en', {
      numeric: true,
      sensitivity: 'base',
    });
    if (order !== 0) return order;
  }
  return 0;
}
