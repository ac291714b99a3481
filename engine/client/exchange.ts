import type { EventTemplate } from './sse/event-template.js';

/** Why a request failed. What each kind means stands in docs/metrics.md. */
export type FailureKind =
  | 'connect'
  | 'timeout'
  | 'http_status'
  | 'stream_cut'
  | 'stream_error'
  | 'malformed'
  | 'empty'
  | 'cancelled';

/** A failed request is data, not an exception. */
export interface Failure {
  readonly kind: FailureKind;
  /** One line for people, free of keys and passwords. */
  readonly message: string;
  /** The HTTP status, where there was a response. */
  readonly status?: number;
  /** How long the server asked to be left alone (`Retry-After`), in milliseconds. */
  readonly retryAfter?: number;
}

/** Token counts as the server reported them. */
export interface Usage {
  readonly inputTokens: number;
  /** Undefined where the answer ended before they were told. */
  readonly outputTokens: number | undefined;
  /** Those of the output tokens that were reasoning, shown or not, where the server tells them apart. */
  readonly reasoningTokens?: number;
}

/** What an output event carries: a piece of the answer's text, of its reasoning, or of a tool call's arguments. */
export type OutputKind = 'text' | 'reasoning' | 'tool';

/** A tool that the model calls. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it: it may be wrong, or cut short. */
  readonly arguments: string;
}

/** A tool call whose pieces are still coming. */
interface GrowingToolCall extends ToolCall {
  /** What the server's pieces of this call have in common. */
  readonly key: number | string | undefined;
  id: string;
  name: string;
  arguments: string;
}

/**
 * One request with every instant of it. Instants are milliseconds on the machine's monotonic clock, read when the
 * bytes leave the socket; an instant that never came is undefined.
 */
export interface Exchange {
  readonly name: string;
  readonly model: string;
  /** When the script asked for it, or in open models when it was due. */
  readonly scheduledAt: number;
  /** Whether the answer comes event by event. In one piece it has no instants of tokens. */
  readonly streamed: boolean;
  /** When it was handed to the HTTP client, before a socket was found or opened. */
  sentAt: number;
  /** When the socket was ready, if one had to be opened. */
  connectedAt: number | undefined;
  headersAt: number | undefined;
  /** First event with a choice in it, even an empty one: the rule of vLLM's own benchmark. */
  firstChunkAt: number | undefined;
  /** First event that carries output of any sort. */
  firstTokenAt: number | undefined;
  /** First event that carries an answer: content or a tool call, not reasoning. */
  firstAnswerAt: number | undefined;
  lastTokenAt: number | undefined;
  endedAt: number | undefined;
  /** When each output-carrying event came, and how many tokens it carried. */
  readonly chunkAt: number[];
  readonly chunkTokens: number[];
  status: number | undefined;
  /** The answer says that it comes from our simulator. */
  simulated: boolean;
  /** Whole when the exchange has ended; while it lasts, pieces may be missing that nobody has listened to. */
  text: string;
  reasoning: string;
  /** In the order in which they began. */
  readonly toolCalls: GrowingToolCall[];
  /** Embeddings, in the order of the inputs. */
  vectors: readonly (readonly number[])[] | undefined;
  /** What the latest output event carried; its text only where a script listens. */
  latestKind: OutputKind;
  latest: string;
  /** Why the answer ended, in the words of OpenAI's chat API where it has one. */
  finishReason: string | undefined;
  usage: Usage | undefined;
  /** Output tokens as the model's tokenizer has counted them, where the server tells none. */
  counted: number | undefined;
  failure: Failure | undefined;
  /** What its events have in common, once one has brought nothing but text. */
  template: EventTemplate | undefined;
  /** The answer is complete, by its own word (`[DONE]`) or because it came in one piece. */
  done: boolean;
  /** The run ended while this was in flight: neither a success nor a failure. */
  censored: boolean;
  /** A reused socket had died, and the request was sent again on a fresh one. */
  reconnected: boolean;
  bytesSent: number;
  bytesReceived: number;
  /** Those of them that were the answer's body, as it came, compressed or not. */
  bodyBytes: number;
}

/** A request that is about to be made. */
export function openExchange(name: string, model: string, scheduledAt: number, streamed = true): Exchange {
  return {
    name,
    model,
    scheduledAt,
    streamed,
    sentAt: scheduledAt,
    connectedAt: undefined,
    headersAt: undefined,
    firstChunkAt: undefined,
    firstTokenAt: undefined,
    firstAnswerAt: undefined,
    lastTokenAt: undefined,
    endedAt: undefined,
    chunkAt: [],
    chunkTokens: [],
    status: undefined,
    simulated: false,
    text: '',
    reasoning: '',
    toolCalls: [],
    vectors: undefined,
    latestKind: 'text',
    latest: '',
    finishReason: undefined,
    usage: undefined,
    counted: undefined,
    failure: undefined,
    template: undefined,
    done: false,
    censored: false,
    reconnected: false,
    bytesSent: 0,
    bytesReceived: 0,
    bodyBytes: 0,
  };
}

/** Notes an event that carries output; `piece` is what it says. The texts themselves are the protocol's to add up. */
export function noteOutput(exchange: Exchange, at: number, tokens: number, kind: OutputKind, piece = ''): void {
  exchange.firstTokenAt ??= at;
  if (kind !== 'reasoning') exchange.firstAnswerAt ??= at;
  exchange.lastTokenAt = at;
  exchange.chunkAt.push(at);
  exchange.chunkTokens.push(tokens);
  exchange.latestKind = kind;
  exchange.latest = piece;
}

/**
 * Joins a piece of a tool call to those before it with the same key. Servers may repeat id and name in every piece, or
 * make up a new id for each; another id together with another name is another call, whatever its key.
 */
export function noteToolCall(
  exchange: Exchange,
  key: GrowingToolCall['key'],
  piece: { readonly id?: string | undefined; readonly name?: string | undefined; readonly arguments?: string },
): void {
  const { toolCalls } = exchange;
  let call = toolCalls.findLast((each) => each.key === key);
  if (!call || (piece.name && call.name && piece.id && piece.id !== call.id)) {
    call = { key, id: '', name: '', arguments: '' };
    toolCalls.push(call);
  }
  call.id ||= piece.id ?? '';
  call.name ||= piece.name ?? '';
  call.arguments += piece.arguments ?? '';
}

/** Whether an answer that is complete has brought nothing at all. */
export function isEmpty({ firstTokenAt, text, reasoning, toolCalls, vectors }: Exchange): boolean {
  return firstTokenAt === undefined && text + reasoning === '' && toolCalls.length === 0 && !vectors?.length;
}
