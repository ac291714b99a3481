import * as v from 'valibot';
import * as llmCalls from '../api/llm.js';
import type { ProtocolName } from '../api/options.js';
import { didYouMean } from '../errors.js';
import { stages } from '../executors/ramping-vus.js';
import { EXECUTORS, scenarioOptions } from '../executors/registry.js';
import { duration, field, iterations, plainObject, show, strict, text, textMap, vus, wholeNumber } from '../schema.js';
import { httpFields } from './http-options.js';

/** Problem of the user's options: its place, and the expected value. */
export interface Problem {
  readonly where: string;
  readonly message: string;
}

const NAME = /^[0-9a-zA-Z_-]+$/;

const yesOrNo = field('true or false', (input) => (typeof input === 'boolean' ? input : undefined));

/** Default timeout of `setup` and `teardown`, in milliseconds, as in k6. */
const LIFECYCLE_TIMEOUT = 60_000;

/** Default timeout of `handleSummary`, in milliseconds. */
const SUMMARY_TIMEOUT = 120_000;
/** Maximum number of worker threads of one run. */
const MOST_WORKERS = 512;

const scenarioMap = field('an object with at least one scenario', (input) => {
  const map = plainObject(input);
  return map && Object.keys(map).length > 0 ? map : undefined;
});

/** Secret text, never shown. */
const secret = v.pipe(v.string('expected a text'), v.minLength(1, 'expected a text'));

/** Key of the server. Blanks and line breaks around it, as files have them, are no part of it. */
const apiKey = v.pipe(
  secret,
  v.transform((key) => key.trim()),
  v.minLength(1, 'expected a text'),
  v.regex(
    /^[\x20-\x7e]*$/,
    'expected a key that a header can carry: it has a line break or another such character in it',
  ),
);

/** URL of one server, or several from a flag or variable. */
const address = field('a URL', (input) => {
  const isText = (url: unknown) => typeof url === 'string' && url !== '';
  const isGood = Array.isArray(input) ? input.length > 0 && input.every(isText) : isText(input);
  return isGood ? (input as string | readonly string[]) : undefined;
});

const addresses = field('a list of at least one URL', (input) =>
  Array.isArray(input) && input.length > 0 && input.every((url) => typeof url === 'string' && url !== '')
    ? (input as readonly string[])
    : undefined,
);

/** Protocols by the functions of the scenario API. */
const PROTOCOLS: Readonly<Record<ProtocolName, unknown>> = llmCalls;

/**
 * Schema of `options` in any layer, with the lowest defaults. Scenarios and thresholds are read separately. `OPTIONS`
 * lists the ways to give each.
 */
export const optionsShape = strict({
  baseUrl: v.optional(address),
  baseUrls: v.optional(addresses),
  model: v.optional(text),
  apiKey: v.optional(apiKey),
  tls: v.optional(
    strict({
      ca: v.optional(text),
      cert: v.optional(text),
      key: v.optional(secret),
      passphrase: v.optional(secret),
      serverName: v.optional(text),
    }),
  ),
  insecureSkipTLSVerify: v.optional(yesOrNo, false),
  http2: v.optional(yesOrNo, false),
  preflight: v.optional(yesOrNo, true),
  protocol: v.optional(
    field(`one of ${Object.keys(PROTOCOLS).join(', ')}`, (input) =>
      typeof input === 'string' && Object.hasOwn(PROTOCOLS, input) ? (input as ProtocolName) : undefined,
    ),
    'chat',
  ),
  serverMetrics: v.optional(
    field("'auto', 'off' or the URL of a page of metrics", (input) => {
      const isUrl = typeof input === 'string' && /^https?:\/\/./.test(input) && URL.canParse(input);
      return input === 'auto' || input === 'off' || isUrl ? (input as string) : undefined;
    }),
    'auto',
  ),
  tokenizer: v.optional(text),
  scenarios: v.optional(scenarioMap),
  vus: v.optional(vus),
  duration: v.optional(duration(1000)),
  iterations: v.optional(iterations),
  stages: v.optional(stages),
  thresholds: v.optional(field('an object with a list of conditions for each metric', plainObject), {}),
  tags: v.optional(textMap, {}),
  labels: v.optional(textMap, {}),
  setupTimeout: v.optional(duration(1), LIFECYCLE_TIMEOUT),
  teardownTimeout: v.optional(duration(1), LIFECYCLE_TIMEOUT),
  handleSummaryTimeout: v.optional(duration(1), SUMMARY_TIMEOUT),
  noSetup: v.optional(yesOrNo, false),
  noTeardown: v.optional(yesOrNo, false),
  noThresholds: v.optional(yesOrNo, false),
  allowEmptyThresholds: v.optional(yesOrNo, false),
  minIterationDuration: v.optional(duration(), 0),
  connectBackoff: v.optional(duration(), 1000),
  warmup: v.optional(duration(), 0),
  seed: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  workers: v.optional(wholeNumber(1, MOST_WORKERS)),
  ...httpFields,
});

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
  const problem = { where, message: 'a scenario name may have letters, digits, _ and - only' };
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
    problems: result.issues.map((issue) => describe(issue, where)),
  };
}

function describe(issue: v.BaseIssue<unknown>, root: string): Problem {
  const where = (issue.path ?? []).reduce(
    (text, { key }) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    root,
  );
  if (issue.type === 'variant') {
    const meant = didYouMean(issue.input, EXECUTORS);
    return { where, message: `expected one of ${EXECUTORS.join(', ')}, got ${show(issue.input)}${meant}` };
  }
  if (issue.type === 'never') {
    const meant = didYouMean(issue.path?.at(-1)?.key, issue.message.split(', '));
    return { where, message: `there is no such option${meant ? `${meant} There` : '; there'} are: ${issue.message}` };
  }
  if (issue.type !== 'object_with_rest') return { where, message: issue.message };
  const isMissing = issue.received === 'undefined';
  return { where, message: isMissing ? 'is required' : `expected an object, got ${show(issue.input)}` };
}
