import { ApiError } from './api-error.js';

/** The fields of a chat completion request that the simulator honours; it ignores all others. */
export interface ChatRequest {
  readonly model: string;
  readonly prompt: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  readonly maxTokens: number | undefined;
  readonly stop: readonly string[];
  readonly ignoreEos: boolean;
  readonly seed: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Checks a parsed body; throws an ApiError at the first field that is wrong. */
export function readChatRequest(body: unknown): ChatRequest {
  if (!isRecord(body)) throw new ApiError(400, 'The request body must be a JSON object.');
  if (typeof body.model !== 'string') throw invalid('model', 'must be a string', body.model);
  const stream = flag(body, 'stream');
  const options = streamOptions(body, stream);
  const n = body.n ?? 1;
  if (n !== 1) throw invalid('n', 'must be 1: the simulator gives one choice', n);
  const seed = body.seed ?? undefined;
  if (seed !== undefined && !isInteger(seed)) throw invalid('seed', 'must be an integer', seed);
  const maxTokens = count(body, 'max_tokens');
  return {
    model: body.model,
    prompt: promptText(body.messages),
    stream,
    includeUsage: flag(options, 'include_usage', 'stream_options.include_usage'),
    continuousUsage: flag(options, 'continuous_usage_stats', 'stream_options.continuous_usage_stats'),
    maxTokens: count(body, 'max_completion_tokens') ?? maxTokens,
    stop: stopStrings(body.stop),
    ignoreEos: flag(body, 'ignore_eos'),
    seed,
  };
}

function streamOptions(body: Fields, stream: boolean): Fields {
  const options = body.stream_options ?? undefined;
  if (options === undefined) return {};
  if (!isRecord(options)) throw invalid('stream_options', 'must be an object', options);
  if (!stream) throw new ApiError(400, '`stream_options` needs `stream` to be true.', { param: 'stream_options' });
  return options;
}

function promptText(messages: unknown): string {
  if (!Array.isArray(messages)) throw invalid('messages', 'must be an array', messages);
  if (messages.length === 0) throw new ApiError(400, '`messages` must not be empty.', { param: 'messages' });
  return messages.map((message: unknown, i) => messageText(message, `messages[${i}]`)).join('\n');
}

function messageText(message: unknown, path: string): string {
  if (!isRecord(message)) throw invalid(path, 'must be an object', message);
  if (typeof message.role !== 'string') throw invalid(`${path}.role`, 'must be a string', message.role);
  // A message that only calls tools has no content.
  const content = message.content ?? '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw invalid(`${path}.content`, 'must be a string or an array of parts', content);
  return content.map((part: unknown, i) => partText(part, `${path}.content[${i}]`)).join('\n');
}

function partText(part: unknown, path: string): string {
  if (!isRecord(part)) throw invalid(path, 'must be an object', part);
  if (part.type !== 'text') return '';
  if (typeof part.text !== 'string') throw invalid(`${path}.text`, 'must be a string', part.text);
  return part.text;
}

function stopStrings(stop: unknown): readonly string[] {
  const strings: unknown[] = Array.isArray(stop) ? stop : [stop ?? []].flat();
  for (const each of strings) {
    if (typeof each !== 'string') throw invalid('stop', 'must be a string or an array of strings', stop);
    if (each === '') throw new ApiError(400, '`stop` must not contain an empty string.', { param: 'stop' });
  }
  return strings as string[];
}

function flag(fields: Fields, name: string, path = name): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw invalid(path, 'must be true or false', value);
  return value;
}

function count(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!isInteger(value) || value < 1) throw invalid(name, 'must be an integer of at least 1', value);
  return value;
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, rule: string, value: unknown): ApiError {
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
  return new ApiError(400, `\`${path}\` ${rule}, got ${got}.`, { param: path });
}
