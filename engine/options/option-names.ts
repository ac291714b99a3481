import { OPTIONS, type OptionRow } from './option-table.js';

/** Table row of an option, or of a path such as `stages[0].target`. Undefined for an unknown one. */
export function rowOf(path: string): OptionRow | undefined {
  return OPTIONS.find(({ name }) => name === path) ?? OPTIONS.find(({ name }) => name === path.replace(/\W.*/s, ''));
}

/** Flag of an option on the command line: `stages` → `--stage`. The name itself where it has no flag. */
export function flagOf(name: string): string {
  return /--[\w-]+/.exec(rowOf(name)?.flag ?? '')?.[0] ?? name;
}
