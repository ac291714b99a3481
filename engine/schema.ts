import { inspect } from 'node:util';
import * as v from 'valibot';
import { askUnit, formatDuration, parseDuration } from './clock.js';
import { didYouMean } from './errors.js';

/**
 * Field of user input; `read` returns undefined for invalid input. The message has the expected and the actual value,
 * and a remark.
 */
export function field<Value>(
  expected: string,
  read: (input: unknown) => Value | undefined,
  remark: (input: unknown) => string = () => '',
) {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Value => {
      const value = read(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: `expected ${expected}, got ${show(dataset.value)}${remark(dataset.value)}` });
      return NEVER;
    }),
  );
}

/**
 * Object with these fields only, which reports each surplus one. Valibot's own strict object stops at the first. Such
 * an issue is of type `never`, and its message lists the valid fields.
 */
export function strict<const Entries extends v.ObjectEntries>(entries: Entries) {
  const surplus = v.never(Object.keys(entries).join(', '));
  return v.objectWithRest(entries, surplus) as unknown as v.StrictObjectSchema<Entries, undefined>;
}

/** Problem of an issue in plain words. Valibot's own texts are for programmers. */
export function problemOf({ message, expected, received }: v.BaseIssue<unknown>): string {
  if (!message.startsWith('Invalid ')) return message;
  if (received === 'undefined') return 'is missing';
  return expected === 'never' || expected === null ? 'is not known' : `expected ${expected}, got ${received}`;
}

/** Returns an object that is not a list, else undefined. */
export function plainObject(input: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return input as Readonly<Record<string, unknown>>;
}

/** Fields of other APIs, and ours for the same. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  max_completion_tokens: ['maxTokens'],
  max_new_tokens: ['maxTokens'],
  max_output_tokens: ['maxTokens'],
  n_predict: ['maxTokens'],
  prompt: ['messages', 'input'],
  inputs: ['prompt', 'messages', 'input'],
  messages: ['prompt', 'input'],
};

/**
 * Refuses an object of the script that has an unknown field. The TypeError names the field that is meant, or else all;
 * `more` follows their list.
 */
export function checkFields(what: string, given: unknown, names: readonly string[], more = ''): void {
  if (plainObject(given) === undefined) {
    const example = names.slice(0, 2).map((name) => `${name}: …`);
    throw new TypeError(`${what}: expected an object such as { ${example.join(', ')} }, got ${show(given)}`);
  }
  for (const field of Object.keys(given as object)) {
    if (names.includes(field)) continue;
    if (/^\d+$/.test(field)) {
      throw new TypeError(
        `${what}: a list or a text was spread into its fields; a data set's .draw() has fields, its .next() is a list`,
      );
    }
    const meant = ELSEWHERE[field]?.find((same) => names.includes(same)) ?? field;
    throw new TypeError(
      `${what} does not know the field ${field}${didYouMean(meant, names) || `: it takes ${names.join(', ')}${more}`}`,
    );
  }
}

/** Short form of input for error messages; distinguishes '5' from 5. */
export function show(input: unknown): string {
  if (typeof input === 'function') return 'a function';
  const text = typeof input === 'string' ? JSON.stringify(input) : inspect(input, { depth: 1, compact: true });
  const line = text.replace(/\s*\n\s*/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number) {
  return field(`a whole number from ${least} to ${most.toLocaleString('en')}`, (input) =>
    typeof input === 'number' && Number.isInteger(input) && input >= least && input <= most ? input : undefined,
  );
}

/** Longest duration of any option: 30 days, in milliseconds. */
const LONGEST = 30 * 86_400_000;

/** Duration of at least `least` milliseconds, as text or number. The output is in milliseconds. */
export function duration(least = 0) {
  const bounds = least > 0 ? `from ${formatDuration(least)} to 30d` : 'of up to 30d';
  const read = (input: unknown) => {
    if (typeof input !== 'string' && typeof input !== 'number') return undefined;
    const ms = parseDuration(input);
    return ms !== undefined && ms >= least && ms <= LONGEST ? ms : undefined;
  };
  return field(`a duration ${bounds} such as "30s" or "1m30s"`, read, askUnit);
}

export const text = field('a text', (input) => (typeof input === 'string' && input !== '' ? input : undefined));

/** Names with text or number values; values come out as text. */
export const textMap = field('an object of texts, numbers, true or false', (input) => {
  const map = plainObject(input);
  if (!map) return undefined;
  const entries = Object.entries(map);
  if (entries.some(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)])) as Readonly<Record<string, string>>;
});

/** Most users of one run. */
export const MOST_VUS = 100_000;
const MOST_ITERATIONS = 1_000_000_000;

export const vus = wholeNumber(1, MOST_VUS);
export const iterations = wholeNumber(1, MOST_ITERATIONS);

/** A list of stages, at least one of which takes time. */
export function stagesOf<Stage extends v.GenericSchema<unknown, { duration: number; target: number }>>(stage: Stage) {
  return v.pipe(
    v.array(
      stage,
      ({ input }) => `expected a list of stages such as { duration: "30s", target: 20 }, got ${show(input)}`,
    ),
    v.check((list) => list.some((leg) => leg.duration > 0), 'expected at least one stage that takes time'),
  );
}

/** k6's defaults, in milliseconds. */
export const DEFAULT_GRACE = 30_000;
export const DEFAULT_MAX_DURATION = 600_000;

/** The fields that every executor takes. */
export const common = {
  exec: v.optional(text, 'default'),
  startTime: v.optional(duration(), 0),
  startAfter: v.optional(text),
  gracefulStop: v.optional(duration(), DEFAULT_GRACE),
  env: v.optional(textMap, {}),
  tags: v.optional(textMap, {}),
};
