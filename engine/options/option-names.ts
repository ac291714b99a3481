import { OPTIONS, type OptionRow } from './table.js';

/** The row of an option, or of the one that a path such as `stages[0].target` is part of; undefined where there is none. */
export function rowOf(path: string): OptionRow | undefined {
  return OPTIONS.find(({ name }) => name === path) ?? OPTIONS.find(({ name }) => name === path.replace(/\W.*/s, ''));
}

/** An option as the command line says it: `stages` → `--stage`. The name itself where it has no flag. */
export function flagOf(name: string): string {
  return /--[\w-]+/.exec(rowOf(name)?.flag ?? '')?.[0] ?? name;
}
