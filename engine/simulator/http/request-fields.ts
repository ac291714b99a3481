import { ApiError } from './api-error.js';

/** Body of a request, or an object in it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Sampling parameters that every generating protocol has. */
export interface Sampling {
  readonly model: string;
  readonly stream: boolean;
  readonly stop: readonly string[];
  readonly ignoreEos: boolean;
  readonly seed: number | undefined;
}

/** Body as an object. Like all functions here, throws an ApiError for invalid input. */
export function readBody(body: unknown): Fields {
  if (isRecord(body)) return body;
  throw new ApiError(400, 'The request body must be a JSON object.');
}

/** Reads the parameters that the protocols have in common. */
export function readSampling(body: Fields): Sampling {
  const seed = body.seed ?? undefined;
  if (seed !== undefined && !isInteger(seed)) throw invalid('seed', 'must be an integer', seed);
  return {
    model: text(body, 'model'),
    stream: flag(body, 'stream'),
    stop: stopStrings(body.stop, 'stop'),
    ignoreEos: flag(body, 'ignore_eos'),
    seed,
  };
}

/** Reads the usage options of OpenAI's chat and completions. */
export function readStreamOptions(body: Fields): { readonly includeUsage: boolean; readonly continuousUsage: boolean } {
  const given = body.stream_options ?? undefined;
  if (given !== undefined && !isRecord(given)) throw invalid('stream_options', 'must be an object', given);
  if (given !== undefined && !flag(body, 'stream')) {
    throw new ApiError(400, '`stream_options` needs `stream` to be true.', { param: 'stream_options' });
  }
  const options = given ?? {};
  return {
    includeUsage: flag(options, 'include_usage', 'stream_options.include_usage'),
    continuousUsage: flag(options, 'continuous_usage_stats', 'stream_options.continuous_usage_stats'),
  };
}

/** Rejects requests for several choices. */
export function rejectSeveralChoices(body: Fields): void {
  const n = body.n ?? 1;
  if (n !== 1) throw invalid('n', 'must be 1: the simulator gives one choice', n);
}

/** One stop string or several, none of them empty. */
export function stopStrings(stop: unknown, path: string): readonly string[] {
  const strings: unknown[] = Array.isArray(stop) ? stop : [stop ?? []].flat();
  for (const each of strings) {
    if (typeof each !== 'string') throw invalid(path, 'must be a string or an array of strings', stop);
    if (each === '') throw new ApiError(400, `\`${path}\` must not contain an empty string.`, { param: path });
  }
  return strings as string[];
}

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw invalid(name, 'must be a string', value);
  return value;
}

/** Boolean field; default: false. */
export function flag(fields: Fields, name: string, path = name): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw invalid(path, 'must be true or false', value);
  return value;
}

/** Positive integer field; undefined if missing. */
export function count(fields: Fields, name: string, path = name): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!isInteger(value) || value < 1) throw invalid(path, 'must be an integer of at least 1', value);
  return value;
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Error for an invalid field. */
export function invalid(path: string, rule: string, value: unknown): ApiError {
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
  return new ApiError(400, `\`${path}\` ${rule}, got ${got}.`, { param: path });
}
