import type { WireEvent } from '../body/decoder.js';
import type { Exchange } from '../exchange.js';
import { errorText } from './protocol.js';

/** What tells an error in an event, in any protocol. */
interface Errors {
  readonly error?: unknown;
  readonly object?: string;
  readonly type?: string;
}

/**
 * The JSON of an event. Undefined where there is nothing to read: at `[DONE]`, which is noted, and where the event is
 * an error or makes no sense, which is noted as the exchange's failure.
 */
export function readEvent<Body extends object>(event: WireEvent, exchange: Exchange): Body | undefined {
  if (event.data === '[DONE]') {
    exchange.done = true;
    return undefined;
  }
  const body = parse(event.data);
  const told = typeof body === 'object' ? (body as (Body & Errors) | null) : undefined;
  if (event.event === 'error' || told?.error || told?.object === 'error' || told?.type === 'error') {
    // An event that is called an error may be plain text.
    const message = errorText(body ?? event.data) || 'the server sent an error event';
    exchange.failure = { kind: 'stream_error', message };
  } else if (!told) {
    const what = exchange.streamed ? 'an event' : 'the answer';
    const wrong = body === undefined ? 'not JSON' : 'no object';
    exchange.failure = { kind: 'malformed', message: `${what} is ${wrong}: ${event.data.slice(0, 80)}` };
  } else {
    // In one piece it is complete.
    if (!exchange.streamed) exchange.done = true;
    return told;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
