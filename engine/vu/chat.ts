import type { ChatAnswer, ChatRequest } from '../api/chat.js';
import { type ChatBody, chatProtocol } from '../client/chat.js';
import type { ConnectionSet } from '../client/connection.js';
import { type Exchange, openExchange } from '../client/exchange.js';
import { type Figures, figuresOf } from '../client/figures.js';
import { send } from '../client/request.js';
import type { Timeouts } from '../client/sending.js';
import { parseDuration } from '../clock.js';
import { ExitCode, UserError } from '../errors.js';
import type { Tags } from '../metrics/series.js';
import { textTags } from './tags.js';
import type { Thread } from './thread.js';

/** How long a request may take, in milliseconds, where the script says nothing. */
const TIMEOUTS: Timeouts = { total: 600_000, idle: 60_000 };

/** What a chat request needs to know of the VU that makes it. */
export interface Chatting {
  readonly thread: Thread;
  readonly connections: () => ConnectionSet;
  readonly signal: AbortSignal | undefined;
  /** Requests of a `hook`, such as setup, are not counted. */
  readonly stage: 'init' | 'hook' | 'running';
  /** Requests were due so many milliseconds before they are asked for. */
  readonly lateness: number;
  /** Tags of the run, the scenario and the VU. */
  readonly tags: Tags;
  readonly scenario: string;
}

/** Sends a chat request for a VU, records it and gives the script its answer. */
export async function chatFor(vu: Chatting, request: ChatRequest): Promise<ChatAnswer> {
  const { thread } = vu;
  const { target, clock } = thread;
  if (!target) throw noTarget();
  const askedAt = clock.now();
  const body = readRequest(request);
  const exchange = openExchange(request.name ?? 'chat', request.model ?? target.model, askedAt - vu.lateness);
  const llm = vu.stage === 'running' ? thread.llm : undefined;
  const pending = llm?.begin(requestTags(vu, request, exchange.name), askedAt);
  try {
    await send(chatProtocol, body, exchange, {
      target,
      clock,
      connections: vu.connections(),
      timeouts: readTimeouts(request.timeout),
      headers: request.headers,
      signal: vu.signal,
      onOutput: pending?.onOutput,
    });
  } catch (error) {
    // Not even the body could be made of what the script gave.
    llm?.forget(clock.now());
    throw error;
  }
  const figures = figuresOf(exchange);
  const good = pending && llm?.end(pending, exchange, figures, request.slo);
  thread.onExchange?.(body, exchange);
  vu.signal?.throwIfAborted();
  return answerOf(exchange, figures, good);
}

function readRequest(request: ChatRequest): ChatBody {
  const { messages } = request;
  if (typeof messages === 'string') return { ...request, messages: [{ role: 'user', content: messages }] };
  if (Array.isArray(messages) && messages.length > 0) return { ...request, messages };
  throw new TypeError(`chat needs messages: a text or a list of {role, content}, got ${JSON.stringify(messages)}`);
}

function readTimeouts(given: ChatRequest['timeout']): Timeouts {
  if (given === undefined) return TIMEOUTS;
  const { total, idle } = typeof given === 'object' ? given : { total: given };
  return { total: readTime(total, TIMEOUTS.total), idle: readTime(idle, TIMEOUTS.idle) };
}

function readTime(given: string | number | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const ms = parseDuration(given);
  if (ms) return ms;
  throw new TypeError(`chat's timeout: expected a duration such as "30s", got ${JSON.stringify(given)}`);
}

/** Tags by which a request's samples are kept apart: scenario, name, and those that a threshold asks for. */
function requestTags({ thread, tags, scenario }: Chatting, request: ChatRequest, name: string): Tags {
  const kept: Record<string, string> = { scenario, name };
  if (thread.tagKeys.length === 0) return kept;
  const all = { ...tags, ...textTags(request.tags), model: request.model ?? thread.target?.model ?? '' };
  for (const key of thread.tagKeys) {
    const value = all[key as keyof typeof all];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

function answerOf(exchange: Exchange, figures: Figures, good: boolean | undefined): ChatAnswer {
  const { sentAt } = exchange;
  const since = (at: number | undefined) => (at === undefined ? undefined : at - sentAt);
  return {
    ok: exchange.failure === undefined,
    text: exchange.text,
    reasoning: exchange.reasoning,
    finishReason: exchange.finishReason,
    usage: exchange.usage,
    failure: exchange.failure,
    status: exchange.status,
    model: exchange.model,
    name: exchange.name,
    ttft: figures.ttft,
    tpot: figures.tpot,
    e2e: figures.e2e,
    outputTokens: figures.outputTokens,
    inputTokens: figures.inputTokens,
    tokensPerSecond: figures.tokensPerSecond,
    good,
    at: {
      scheduled: exchange.scheduledAt - sentAt,
      sent: 0,
      connected: since(exchange.connectedAt),
      headers: since(exchange.headersAt),
      firstChunk: since(exchange.firstChunkAt),
      firstToken: since(exchange.firstTokenAt),
      firstAnswer: since(exchange.firstAnswerAt),
      lastToken: since(exchange.lastTokenAt),
      ended: since(exchange.endedAt) ?? 0,
    },
    // Made only when a script looks at it: most do not.
    get chunks() {
      return exchange.chunkAt.map((at, index) => ({ at: at - sentAt, tokens: exchange.chunkTokens[index] ?? 0 }));
    },
  };
}

function noTarget(): UserError {
  return new UserError('chat was called, but no server was named', {
    where: 'target',
    hint: 'give --base-url http://host:8000/v1, or OPENAI_BASE_URL, or options.baseUrl, or --simulate',
    exitCode: ExitCode.invalidConfig,
  });
}
