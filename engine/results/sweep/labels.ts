import { configError } from '../../errors.js';
import type { PlannedRun } from './planned-run.js';
import type { Variable } from './vary.js';

/** Labels with an agreed meaning. Variables of these names, in any case, set them too. */
const KNOWN = ['gpu', 'model', 'tp', 'precision', 'replicas'];

type Labels = Readonly<Record<string, string>>;

/** Parses `gpu=H800` and the like. Throws a UserError if labels contradict one another or a variable. */
export function readLabels(texts: readonly string[], variables: readonly Variable[]): Labels {
  const labels = new Map<string, string>();
  const problems: string[] = [];
  for (const text of texts) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    const before = labels.get(name);
    if (name === '') problems.push(`expected NAME=value, got ${JSON.stringify(text)}`);
    else if (before !== undefined && before !== value) problems.push(`${name} is both ${before} and ${value}`);
    else labels.set(name, value);
  }
  for (const [label, value] of labels) {
    const varied = variables.find(({ name }) => name.toLowerCase() === label.toLowerCase());
    if (varied?.values.some((each) => each !== value)) {
      problems.push(`${label} is ${value}, but ${varied.name} is varied: ${varied.values.join(', ')}`);
    }
    if (label === 'repeat') problems.push('repeat is the label that numbers the repetitions of a run');
  }
  if (problems.length === 0) return Object.fromEntries(labels);
  throw configError('--label', problems.join('\n'), 'give each label once; variables become labels by themselves');
}

/** Labels of a run. Common ones, its variables, and from the second repetition its number. */
export function labelsOf(labels: Labels, { values, repeat }: PlannedRun): Labels {
  const known = Object.entries(values).flatMap(([name, value]) => {
    const meant = KNOWN.find((label) => label === name.toLowerCase());
    return meant === undefined ? [] : [[meant, value] as const];
  });
  return { ...labels, ...Object.fromEntries(known), ...values, ...(repeat > 1 && { repeat: String(repeat) }) };
}

/** Differences between a record's labels and the expected ones; empty if none. */
export function labelDifferences(expected: Labels, found: Labels): readonly string[] {
  const names = [
    ...Object.keys(expected),
    ...KNOWN.filter((name) => name in found),
    ...('repeat' in found ? ['repeat'] : []),
  ];
  return [...new Set(names)].flatMap((name) => {
    const [is, should] = [found[name], expected[name]];
    // A label that only the record has may come from the options of the scenario.
    if (is === should || should === undefined) return [];
    return [`${name} is ${is ?? 'not there'} in it, and ${should} now`];
  });
}
