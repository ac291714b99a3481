import { configError } from '../../errors.js';

/** Variable of the scenario, and the values to run. */
export interface Variable {
  readonly name: string;
  readonly values: readonly string[];
}

/** Valid name of an environment variable. */
const NAME = /^[A-Za-z_]\w*$/;

/** Most runs of a sweep; more is taken for a typo. */
const MOST_RUNS = 10_000;

/** Parses `PEAK_USERS=1,4,8` and the like; throws a UserError that lists all mistakes. */
export function readVariables(texts: readonly string[]): readonly Variable[] {
  const problems: string[] = [];
  if (texts.length === 0) problems.push('is required: name a variable and its values');
  const variables = texts.map((text): Variable => {
    const { name, rest } = splitName(text, 'NAME=value,value', problems);
    const values = rest.split(',').map((value) => value.trim());
    if (name !== '' && values.includes('')) problems.push(`${JSON.stringify(text)} has an empty value`);
    const twice = values.find((value, index) => value !== '' && values.indexOf(value) < index);
    if (twice !== undefined) problems.push(`${name} has the value ${twice} twice`);
    return { name, values };
  });
  problems.push(...repeated(variables.map(({ name }) => name)).map((name) => `${name} is varied twice`));
  const runs = variables.reduce((product, { values }) => product * values.length, 1);
  if (runs > MOST_RUNS) problems.push(`these are ${runs.toLocaleString('en')} runs; expected 10,000 at most`);
  if (problems.length > 0)
    throw configError('--vary', problems.join('\n'), 'for example --vary PEAK_USERS=1,4,8,16,32');
  return variables;
}

/** Range of levels to search. Integers, or as many decimals as its bounds have. */
export interface SearchRange {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** Distance between two levels. */
  readonly step: number;
}

/** Parses `PEAK_USERS=1..256`; throws a UserError. */
export function readRange(text: string): SearchRange {
  const problems: string[] = [];
  const { name, rest } = splitName(text, 'NAME=low..high', problems);
  const [, from, to] = /^\s*(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)\s*$/.exec(rest) ?? [];
  const [low, high] = [Number(from), Number(to)];
  if (name !== '' && !(low > 0 && high > low)) {
    problems.push(`${JSON.stringify(text)} is not a range: expected NAME=low..high, with 0 < low < high`);
  }
  if (problems.length > 0)
    throw configError('--vary', problems.join('\n'), 'for example --vary PEAK_USERS=1..256 or --vary RATE=0.5..40');
  const decimals = Math.max(...[from, to].map((bound) => bound?.split('.')[1]?.length ?? 0));
  return { name, low, high, step: 10 ** -decimals };
}

function splitName(
  text: string,
  expected: string,
  problems: string[],
): { readonly name: string; readonly rest: string } {
  const [, name, rest] = /^\s*([^=]*?)\s*=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && rest !== undefined && NAME.test(name)) return { name, rest };
  const why = rest === undefined ? '' : ': a name has letters, digits and _ only';
  problems.push(`expected ${expected}, got ${JSON.stringify(text)}${why}`);
  return { name: '', rest: '' };
}

/** Names that occur more than once, each listed once. */
function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => name !== '' && names.indexOf(name) < index))];
}
