import type { Variable } from './vary.js';

/** One run of several: the values of its variables, and which repetition it is, counted from 1. */
export interface PlannedRun {
  /** Also the name of its record without its ending: `TP=2,PEAK_USERS=64.repeat-2`. */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly repeat: number;
}

/**
 * All runs in order: for each setting of the `outer` variables, which are changed as seldom as can be, all levels of the others
 * one after the other, and that as often as is asked for. So repetitions of a level are apart in time, and show what drifts.
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

/** A run by its values. */
export function plannedRun(values: Readonly<Record<string, string>>, repeat: number): PlannedRun {
  const level = Object.entries(values)
    .map(([name, value]) => `${name}=${fileName(value)}`)
    .join(',');
  return { name: repeat > 1 ? `${level}.repeat-${repeat}` : level, values, repeat };
}

/** The first variable changes the most seldom. */
function product(variables: readonly Variable[]): Readonly<Record<string, string>>[] {
  return variables.reduce<Readonly<Record<string, string>>[]>(
    (settings, { name, values }) =>
      settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value }))),
    [{}],
  );
}

/** A value as a part of a file's name, which no other value has: `Qwen/Qwen2.5` → `Qwen%2FQwen2.5`. */
export function fileName(value: string): string {
  return value.replace(/[^\w.+@-]/gu, (character) => {
    return [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase()}`).join('');
  });
}
