import { isDone, type WireEvent } from '../body/decoder.js';
import type { Exchange } from '../exchange.js';
import { errorText } from './protocol.js';

/** Error fields of an event, in all protocols. */
interface Errors {
  readonly error?: unknown;
  readonly object?: string;
  readonly type?: string;
  readonly choices?: unknown;
  readonly errors?: unknown;
  readonly detail?: unknown;
  readonly error_code?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  /** MiniMax's form. */
  readonly base_resp?: { readonly status_code?: unknown } | null;
}

/** Most characters of an event in its failure. `send` cuts them once redacted. */
const LONGEST_EXCERPT = 4096;

/**
 * Parses the JSON of an event. Undefined at `[DONE]`, which completes the exchange, and for an error or a malformed
 * event, which becomes its failure.
 */
export function readEvent<Body extends object>(event: WireEvent, exchange: Exchange): Body | undefined {
  if (isDone(event.data)) {
    exchange.done = true;
    return undefined;
  }
  const body = parse(event.data);
  const fields = typeof body === 'object' ? (body as (Body & Errors) | null) : undefined;
  if (event.event === 'error' || (fields && isError(fields))) {
    // The data of an event named `error` may be plain text.
    const message = errorText(body) || errorText(event.data) || 'the server sent an error event';
    exchange.failure = { kind: 'stream_error', message };
  } else if (!fields) {
    const what = exchange.streamed ? 'an event' : 'the answer';
    const wrong = body === undefined ? 'not JSON' : 'no object';
    exchange.failure = { kind: 'malformed', message: `${what} is ${wrong}: ${event.data.slice(0, LONGEST_EXCERPT)}` };
  } else {
    // An answer in one piece is complete.
    if (!exchange.streamed) exchange.done = true;
    return fields;
  }
  return undefined;
}

/** True for an error. OpenAI, gateways and frameworks have forms of their own. */
function isError({
  error,
  object,
  type,
  choices,
  errors,
  detail,
  error_code,
  code,
  message,
  base_resp,
}: Errors): boolean {
  if (error || object === 'error' || type === 'error' || base_resp?.status_code) return true;
  if (choices !== undefined) return false;
  return Boolean(errors || detail || error_code || (code && typeof message === 'string'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
