import type { FramingKind } from './body/framing.js';
import type { Exchange, Failure } from './exchange.js';
import { retryAfterOf } from './retry-after.js';
import { canUnpack } from './transport/unpacker.js';

/** True for a complete answer without any output. */
export function isSilent({ firstTokenAt, text, reasoning, toolCalls, vectors }: Exchange): boolean {
  return firstTokenAt === undefined && text + reasoning === '' && toolCalls.length === 0 && !vectors?.length;
}

/** True for a silent answer that is a success. Its end token came first, or all its tokens are hidden. */
function isAnswered({ finishReason, usage }: Exchange): boolean {
  const tokens = usage?.outputTokens;
  return tokens !== undefined && (finishReason === 'stop' || (finishReason !== undefined && tokens > 0));
}

/** Statuses of success without a body. */
const WITHOUT_BODY = new Set([204, 205]);

/** Finish reasons of answers that were given up. By vLLM, SGLang, OpenRouter and Zhipu. */
const BROKEN = /^(?:abort|error|network_error)$/i;

/** Failure of a response by its head. Undefined where it may be an answer. */
export function refusalOf(
  status: number,
  headers: Record<string, unknown>,
  coding: string,
  framing: FramingKind,
): Failure | undefined {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  if (status >= 300) {
    const { location } = headers;
    const where = typeof location === 'string' ? `, a redirect to ${location}` : '';
    const who = status === 407 ? ', the proxy requires a user and password' : where;
    const retryAfter = retryAfterOf(headers['retry-after'], Date.now());
    return {
      kind: 'http_status',
      message: `HTTP ${status}${who}`,
      ...(retryAfter !== undefined && { retryAfter }),
    };
  }
  if (WITHOUT_BODY.has(status)) return { kind: 'http_status', message: `HTTP ${status}, which has no body` };
  if (framing.unfit.some((unfit) => type.startsWith(unfit))) {
    return { kind: 'malformed', message: `expected ${framing.name}, got ${type}` };
  }
  if (coding !== '' && coding !== 'identity' && !canUnpack(coding)) {
    return { kind: 'malformed', message: `the answer has an unsupported content-encoding (${coding})` };
  }
  return undefined;
}

/** Failure of an exchange at its end. Undefined for a success; `cause` is an error of the connection. */
export function faultOf(exchange: Exchange, cause: Failure | undefined): Failure | undefined {
  const { done, finishReason, unread } = exchange;
  // A stream that reported its end is complete, however its socket ends.
  if (cause && !done && !(finishReason && cause.kind === 'stream_cut')) return cause;
  const isCut = !done && !finishReason;
  if (unread && (isCut || isSilent(exchange))) {
    return { kind: 'malformed', message: `the answer cannot be read: ${unread}` };
  }
  if (isCut) {
    return { kind: 'stream_cut', message: 'the stream ended without a finish reason or [DONE]' };
  }
  if (finishReason && BROKEN.test(finishReason)) {
    return { kind: 'stream_error', message: `the server ended the answer with the finish reason ${finishReason}` };
  }
  if (!isSilent(exchange) || isAnswered(exchange)) return undefined;
  return { kind: 'empty', message: 'the answer had no token' };
}
