import type { WireEvent } from '../body/decoder.js';
import { FRAMINGS, type FramingKind } from '../body/framing.js';
import type { Exchange } from '../exchange.js';
import type { LimitField } from '../target.js';
import type { RequestBytes } from '../transport/wire-request.js';

/** Request fields of every protocol. */
export interface AnyRequest {
  /** False for an answer in one piece, without instants of tokens. */
  readonly stream?: boolean | undefined;
  /** Limit of the answer's tokens. */
  readonly maxTokens?: number | undefined;
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** Wire protocol: path, request body, and decoding of the answer's events. */
export interface Protocol<Request extends AnyRequest> {
  /**
   * Path below the target's base URL or root. The root is the base URL without `/v1`. `{model}` stands for the
   * request's model; a query is allowed.
   */
  readonly path: string;
  /** Path of an answer in one piece, where that differs. */
  readonly wholePath?: string;
  readonly below: 'base' | 'root';
  /** Framing of streamed answers; undefined where answers are never streamed. */
  readonly stream: 'events' | 'lines' | undefined;
  /** Path of the list of models, below the same URL. */
  readonly models: string;
  /** Fields that a script may set in a request. */
  readonly fields: readonly string[];
  /** Smallest valid request. */
  readonly probe: Request;
  /** Translates the target's headers; left out where they stay unchanged. */
  headers?(given: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /**
   * Encodes the JSON body of a request. Text or bytes, in parts or not. `askUsage` is false once the server has rejected `stream_options`,
   * and `limitField` the newer name once it has rejected `max_tokens`. Throws a
   * TypeError for a script's field that cannot be sent.
   */
  encode(request: Request, model: string, askUsage: boolean, limitField?: LimitField): RequestBytes;
  /**
   * Decodes an event received at `at` into the exchange. An answer in one piece is a single event. Sets
   * `exchange.failure` where the event reports an error or is malformed.
   */
  decode(event: WireEvent, at: number, exchange: Exchange): void;
}

/** True for a request whose answer is a stream. */
export function isStreamed<Request extends AnyRequest>({ stream }: Protocol<Request>, request: Request): boolean {
  return stream !== undefined && (request.extraBody?.stream ?? request.stream ?? true) !== false;
}

/** Framing of the answer to an exchange. */
export function framingOf({ stream }: Pick<Protocol<AnyRequest>, 'stream'>, { streamed }: Exchange): FramingKind {
  return FRAMINGS[streamed && stream ? stream : 'whole'];
}

/** Path of a request on a target, with the base URL's query. */
export function pathOf(
  { path, wholePath = path, below }: Pick<Protocol<AnyRequest>, 'path' | 'wholePath' | 'below'>,
  target: { readonly basePath: string; readonly query?: string },
  { model, streamed }: Pick<Exchange, 'model' | 'streamed'>,
): string {
  const own = (streamed ? path : wholePath).replace('{model}', () => encodeURIComponent(model));
  return pathBelow(below, own, target);
}

/** Path below a target's base URL or root, with its query. */
export function pathBelow(
  below: 'base' | 'root',
  path: string,
  { basePath, query = '' }: { readonly basePath: string; readonly query?: string },
): string {
  const all = (below === 'base' ? basePath : basePath.replace(/\/v1(?:beta)?$/, '')) + path;
  return all + (all.includes('?') ? query.replace('?', '&') : query);
}

/** One line of a server's error body: OpenAI's, FastAPI's, or plain text. To be redacted, then cut by `shortMessage`. */
export function errorText(body: unknown): string {
  if (typeof body === 'string') return oneLine(body);
  if (typeof body !== 'object' || body === null) return '';
  const { error, message, detail, errors, error_code, text, base_resp, status_msg } = body as Readonly<
    Record<string, unknown>
  >;
  for (const part of [error, message, detail, errors, error_code && text, base_resp, status_msg]) {
    if (typeof part === 'string' && part.trim() !== '') return oneLine(part);
    if (typeof part === 'object' && part !== null) return errorText(part) || oneLine(jsonText(part));
  }
  return '';
}

/** Longest message, and longest text it is made of, in characters. */
const LONGEST_MESSAGE = 300;
const LONGEST_TEXT = 64 * 1024;

/** Cuts a message to its shown length. To be redacted before. */
export function shortMessage(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}

/** JSON of a value; empty where it is nested too deeply. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

function oneLine(text: string): string {
  return text.slice(0, LONGEST_TEXT).replace(/\s+/g, ' ').trim();
}
