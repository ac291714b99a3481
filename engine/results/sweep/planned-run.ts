import type { Variable } from './vary.js';

/** One run of several. The values of its variables, and its repetition, counted from 1. */
export interface PlannedRun {
  /** Name of the run, and of its record without extension: `TP=2,PEAK_USERS=64.repeat-2`. */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly repeat: number;
}

/**
 * All runs in order. Per setting of the `outer` variables, which change as rarely as possible, all levels of the
 * others, repeated. So repetitions of a level are apart in time, and show drift.
 */
export function planRuns(variables: readonly Variable[], repeats: number, outer: readonly string[]): PlannedRun[] {
  const isOuter = ({ name }: Variable) => outer.includes(name);
  const inner = product(variables.filter((variable) => !isOuter(variable)));
  return product(variables.filter(isOuter)).flatMap((setting) =>
    Array.from({ length: repeats }, (_, index) =>
      inner.map((level) => {
        const own = { ...setting, ...level };
        // Names and values in the order in which they were given.
        const values = Object.fromEntries(variables.map(({ name }) => [name, own[name] ?? '']));
        return plannedRun(values, index + 1);
      }),
    ).flat(),
  );
}

/** Run of given values. */
export function plannedRun(values: Readonly<Record<string, string>>, repeat: number): PlannedRun {
  const level = Object.entries(values)
    .map(([name, value]) => `${name}=${fileName(value)}`)
    .join(',');
  return { name: repeat > 1 ? `${level}.repeat-${repeat}` : level, values, repeat };
}

/** Cartesian product; the first variable changes least often. */
function product(variables: readonly Variable[]): Readonly<Record<string, string>>[] {
  return variables.reduce<Readonly<Record<string, string>>[]>(
    (settings, { name, values }) =>
      settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value }))),
    [{}],
  );
}

/** Unique file name part of a value: `Qwen/Qwen2.5` → `Qwen%2FQwen2.5`. */
export function fileName(value: string): string {
  return value.replace(/[^\w.+@-]/gu, (character) => {
    return [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase()}`).join('');
  });
}
