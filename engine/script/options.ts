import * as v from 'valibot';
import {
  duration,
  field,
  iterations,
  plainObject,
  show,
  strict,
  text,
  textMap,
  vus,
  wholeNumber,
} from '../executors/fields.js';
import { EXECUTORS, scenarioOptions } from '../executors/index.js';
import { stages } from '../executors/ramping-vus.js';

/** Something wrong with the user's options: where, and what was expected. */
export interface Problem {
  readonly where: string;
  readonly message: string;
}

const NAME = /^[0-9a-zA-Z_-]+$/;

/** Milliseconds that `setup` and `teardown` may take, as in k6. */
const LIFECYCLE_TIMEOUT = 60_000;

const scenarioMap = field('an object with at least one scenario', (input) => {
  const map = plainObject(input);
  return map && Object.keys(map).length > 0 ? map : undefined;
});

/** What says how much load there is, outside of `scenarios`. */
const shortcuts = {
  vus: v.optional(vus),
  duration: v.optional(duration(1000)),
  iterations: v.optional(iterations),
  stages: v.optional(stages),
};

/** The shape of `options`; scenarios and thresholds are read further by themselves. */
export const optionsShape = strict({
  baseUrl: v.optional(text),
  model: v.optional(text),
  // Not shown, whatever it is.
  apiKey: v.optional(v.pipe(v.string('expected a text'), v.minLength(1, 'expected a text'))),
  scenarios: v.optional(scenarioMap),
  ...shortcuts,
  thresholds: v.optional(field('an object with a list of conditions for each metric', plainObject), {}),
  tags: v.optional(textMap, {}),
  setupTimeout: v.optional(duration(1), LIFECYCLE_TIMEOUT),
  teardownTimeout: v.optional(duration(1), LIFECYCLE_TIMEOUT),
  minIterationDuration: v.optional(duration(), 0),
  warmup: v.optional(duration(), 0),
  seed: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
});

/** The shape of the shortcuts on the command line. */
export const shortcutShape = strict(shortcuts);

export type Shortcuts = v.InferOutput<typeof shortcutShape>;

/** One threshold in its long form. */
export const thresholdShape = strict({
  threshold: text,
  abortOnFail: v.optional(
    field('true or false', (input) => (typeof input === 'boolean' ? input : undefined)),
    false,
  ),
  delayAbortEval: v.optional(duration(), 0),
});

/** Reads one scenario; the name is checked as well. */
export function readScenario(name: string, input: unknown) {
  const where = `scenarios.${name}`;
  const read = readShape(scenarioOptions, input, where);
  if (NAME.test(name)) return read;
  const problem = { where, message: 'a scenario name may have letters, digits, _ and - only' };
  return { ...read, problems: [problem, ...read.problems] };
}

/** What was read of input: `output` if all is well, else the `sound` fields and everything that is wrong. */
interface Read<Output> {
  readonly output?: Output;
  readonly sound: Partial<Output>;
  readonly problems: readonly Problem[];
}

/** Reads input of a shape. */
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
    problems: result.issues.map((issue) => describe(issue, where)),
  };
}

function describe(issue: v.BaseIssue<unknown>, root: string): Problem {
  const where = (issue.path ?? []).reduce(
    (text, { key }) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    root,
  );
  if (issue.type === 'variant') {
    return { where, message: `expected one of ${EXECUTORS.join(', ')}, got ${show(issue.input)}` };
  }
  if (issue.type !== 'object_with_rest') return { where, message: issue.message };
  const isMissing = issue.received === 'undefined';
  return { where, message: isMissing ? 'is required' : `expected an object, got ${show(issue.input)}` };
}
