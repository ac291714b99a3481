import * as v from 'valibot';
import { didYouMean } from '../errors.js';
import { EXECUTORS, scenarioOptions } from '../executors/registry.js';
import { duration, plainObject, problemOf, show, strict, text, textMap } from '../schema.js';
import { yesOrNo } from './fields.js';
import { nameHere } from './foreign-names.js';

/** Problem of the user's options: its place, and the expected value. */
export interface Problem {
  readonly where: string;
  readonly message: string;
}

/** Name of a scenario: letters and digits of any script. Marks belong to letters. */
const NAME = /^[\p{L}\p{M}\p{N}_-]+$/u;

/** Schema of settings for callers only; see engine/settings. */
export const settingsShape = strict({ env: v.optional(textMap), config: v.optional(text) });

/** Schema of one threshold in its long form. */
export const thresholdShape = strict({
  threshold: text,
  abortOnFail: v.optional(yesOrNo, false),
  delayAbortEval: v.optional(duration(), 0),
  allowEmpty: v.optional(yesOrNo),
});

/** Reads one scenario and checks its name. */
export function readScenario(name: string, input: unknown) {
  const where = `scenarios.${name}`;
  const read = readShape(scenarioOptions, input, where);
  if (NAME.test(name)) return read;
  const renamed = name.trim().replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '_');
  const instead = NAME.test(renamed) ? `; write ${JSON.stringify(renamed)}` : '';
  const problem = { where, message: `a scenario name has letters and digits of any script, _ and - only${instead}` };
  return { ...read, problems: [problem, ...read.problems] };
}

/** Parsed input: `output` if valid. Else the `sound` fields and every problem. */
interface Read<Output> {
  readonly output?: Output;
  readonly sound: Partial<Output>;
  readonly problems: readonly Problem[];
}

/** Reads input by a schema. */
export function readShape<Shape extends v.GenericSchema>(
  shape: Shape,
  input: unknown,
  where: string,
): Read<v.InferOutput<Shape>> {
  const object = plainObject(input);
  if (!object) {
    return {
      sound: {},
      problems: [{ where: where || 'options', message: `expected an object, got ${show(input)}` }],
    };
  }
  const result = v.safeParse(shape, object);
  if (result.success) return { output: result.output, sound: result.output, problems: [] };
  const broken = new Set(result.issues.map((issue) => issue.path?.[0]?.key));
  const sound = Object.entries(result.output as object).filter(([key]) => !broken.has(key));
  return {
    sound: Object.fromEntries(sound) as Partial<v.InferOutput<Shape>>,
    problems: result.issues.map((issue, index, all) => describe(issue, where, isListed(issue, all.slice(index + 1)))),
  };
}

/** True where a later unknown option shows the same list. */
function isListed({ type, message }: v.BaseIssue<unknown>, later: readonly v.BaseIssue<unknown>[]): boolean {
  return type === 'never' && later.some((other) => other.type === 'never' && other.message === message);
}

/** Most options that are listed beside a suggestion. */
const MOST_NAMES = 16;

function describe(issue: v.BaseIssue<unknown>, root: string, isListed: boolean): Problem {
  const where = (issue.path ?? []).reduce(
    (text, { key }) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    root,
  );
  if (issue.type === 'variant') {
    const meant = didYouMean(issue.input, EXECUTORS);
    return { where, message: `expected one of ${EXECUTORS.join(', ')}, got ${show(issue.input)}${meant}` };
  }
  if (issue.type === 'never') {
    const names = issue.message.split(', ');
    const key = issue.path?.at(-1)?.key;
    if (key === 'executor' && names.includes('scenarios')) {
      return { where, message: 'belongs to a scenario; write scenarios: { main: { executor: … } }' };
    }
    const here = typeof key === 'string' ? nameHere(key) : undefined;
    const meant = didYouMean(here !== undefined && names.includes(here) ? here : key, names);
    const isLong = meant !== '' && names.length > MOST_NAMES;
    const list = isListed || isLong ? '' : `${meant ? ' There' : '; there'} are: ${issue.message}`;
    return { where, message: `there is no such option${meant}${list}` };
  }
  if (issue.type !== 'object_with_rest') return { where, message: problemOf(issue) };
  const isMissing = issue.received === 'undefined';
  return { where, message: isMissing ? 'is required' : `expected an object, got ${show(issue.input)}` };
}
