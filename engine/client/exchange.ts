/** Reason for a failed request; docs/metrics.md defines each kind. */
export type FailureKind =
  | 'connect'
  | 'timeout'
  | 'http_status'
  | 'stream_cut'
  | 'stream_error'
  | 'malformed'
  | 'empty'
  | 'cancelled';

/** Failed request, as data instead of an exception. */
export interface Failure {
  readonly kind: FailureKind;
  /** One line of text, free of keys and passwords. */
  readonly message: string;
  /** HTTP status, where there was a response. */
  readonly status?: number;
  /** Wait that the server asked for (`Retry-After`), in milliseconds. */
  readonly retryAfter?: number;
  /** True where the prompt was refused as beyond the model's context. */
  readonly contextOverflow?: true;
}

/** Token counts as the server reported them. */
export interface Usage {
  /** Undefined where not reported, or impossible. */
  readonly inputTokens: number | undefined;
  /** Also undefined where the answer ended before the report. */
  readonly outputTokens: number | undefined;
  /** Reasoning tokens among the output tokens, shown or hidden. Undefined where the server does not report them. */
  readonly reasoningTokens?: number;
  /** Input tokens that the server read from its prefix cache. Undefined where it does not report them. */
  readonly cachedTokens?: number;
}

/** Reason not to believe a token count. */
export type Doubt =
  | 'no whole number'
  | 'shrinking'
  | 'no token beside text'
  | 'more tokens than the text can hold'
  | 'fewer tokens than the text can be'
  | 'the same in every event'
  | 'the same for answers of every length';

/** Kind of output: answer text, reasoning, or tool call arguments. */
export type OutputKind = 'text' | 'reasoning' | 'tool';

/** Tool call by the model. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it: possibly invalid or cut short. */
  readonly arguments: string;
}

/** Tool call that is still being streamed. */
interface GrowingToolCall extends ToolCall {
  /** Index or id that the server's pieces of this call share. */
  readonly key: number | string | undefined;
  id: string;
  name: string;
  arguments: string;
}

/**
 * One LLM request with all of its instants. Instants are milliseconds on the machine's monotonic clock, read when the
 * bytes leave the socket; an instant that never came is undefined.
 */
export interface Exchange {
  readonly name: string;
  readonly model: string;
  /** Instant of the script's call; in open models the planned arrival. */
  readonly scheduledAt: number;
  /** Limit of the answer's tokens, where the request has one. */
  maxTokens: number | undefined;
  /** True for an answer sent as a stream of events. One in one piece has no instants of tokens. */
  readonly streamed: boolean;
  /** Handover to the HTTP client, before a socket was found or opened. */
  sentAt: number;
  /** Socket ready, where one was opened for this request. */
  connectedAt: number | undefined;
  headersAt: number | undefined;
  /** First event with a choice, even an empty one. vLLM's own benchmark counts so. */
  firstChunkAt: number | undefined;
  /** First event with output of any kind. */
  firstTokenAt: number | undefined;
  /** First event of the answer: content or a tool call, not reasoning. */
  firstAnswerAt: number | undefined;
  lastTokenAt: number | undefined;
  endedAt: number | undefined;
  /** Arrival of each output event, and its number of tokens. */
  readonly chunkAt: number[];
  readonly chunkTokens: number[];
  /** Kind of the first output event, and its length in characters. */
  firstKind: OutputKind;
  firstSize: number;
  /** Index of a tool call's first output event. */
  toolEvent: number | undefined;
  /** First event with a finish reason. */
  finishedAt: number | undefined;
  /** Events without output after the first chunk. Each is the number of output events before it. */
  readonly silentSteps: number[];
  /** Output events with a token count, unbroken since the first. Then the latest count. */
  countedEvents: number;
  countedTokens: number;
  /** Tokens whose ids or logprobs have arrived. */
  listedTokens: number;
  /** Doubts about the server's counts of output and of input tokens. */
  doubt: Doubt | undefined;
  inputDoubt: Doubt | undefined;
  status: number | undefined;
  /** True where the response comes from our simulator. */
  simulated: boolean;
  /** Text of the answer. Before the end of the exchange pieces may be pending, unless a script listens. */
  text: string;
  reasoning: string;
  /** In order of their first pieces. */
  readonly toolCalls: GrowingToolCall[];
  /** Embeddings, in the order of the inputs. */
  vectors: readonly (readonly number[])[] | undefined;
  /** Kind of the latest output event. Its text is kept only where a script listens. */
  latestKind: OutputKind;
  latest: string;
  /** Finish reason, in OpenAI's chat terms where it has one. */
  finishReason: string | undefined;
  usage: Usage | undefined;
  /** Output tokens by the model's tokenizer, where the server reports none. */
  counted: number | undefined;
  failure: Failure | undefined;
  /** First field that should be an object or a list. Explains an answer without output. */
  unread: string | undefined;
  /** Output of the events that a fast path recognizes. */
  recognized: OutputKind;
  /** Messages in a stream without deltas. Each has a part of the answer, or all so far. */
  messages: 'none' | 'first' | 'parts' | 'all';
  /** True for a complete answer. It was marked as such (`[DONE]`), or came in one piece. */
  done: boolean;
  /** In flight at the end of the run: neither success nor failure. */
  censored: boolean;
  /** Sent again on a fresh socket, since the reused one was dead. */
  reconnected: boolean;
  bytesSent: number;
  bytesReceived: number;
  /** Body bytes among those received, as they came, compressed or not. */
  bodyBytes: number;
}

/** Creates the exchange of a request about to be sent. */
export function openExchange(name: string, model: string, scheduledAt: number, streamed = true): Exchange {
  return {
    name,
    model,
    scheduledAt,
    maxTokens: undefined,
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
    firstKind: 'text',
    toolEvent: undefined,
    firstSize: 0,
    finishedAt: undefined,
    silentSteps: [],
    countedEvents: 0,
    countedTokens: 0,
    listedTokens: 0,
    doubt: undefined,
    inputDoubt: undefined,
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
    unread: undefined,
    recognized: 'text',
    messages: 'none',
    done: false,
    censored: false,
    reconnected: false,
    bytesSent: 0,
    bytesReceived: 0,
    bodyBytes: 0,
  };
}

/** Records an output event; `piece` is its text. Protocols append to the texts themselves. */
export function recordOutput(exchange: Exchange, at: number, tokens: number, kind: OutputKind, piece = ''): void {
  if (exchange.firstTokenAt === undefined) {
    exchange.firstTokenAt = at;
    exchange.firstKind = kind;
    exchange.firstSize = piece.length;
  }
  if (kind !== 'reasoning') exchange.firstAnswerAt ??= at;
  if (kind === 'tool') exchange.toolEvent ??= exchange.chunkAt.length;
  exchange.lastTokenAt = at;
  exchange.chunkAt.push(at);
  exchange.chunkTokens.push(tokens);
  exchange.latestKind = kind;
  exchange.latest = piece;
}

/** Records a finish reason and the instant of its event. */
export function recordFinish(exchange: Exchange, reason: string, at: number): void {
  exchange.finishReason = reason;
  exchange.finishedAt ??= at;
}

/**
 * Appends a piece to the tool call with its key. Servers may repeat id and name in every piece, or make up a new id for
 * each; another id together with another name is another call, even with the same key.
 */
export function appendToolCall(
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

/** Characters of an answer, in UTF-16 code units. Most emoji are two. */
export function charactersOf({ text, reasoning, toolCalls }: Exchange): number {
  return toolCalls.reduce((sum, call) => sum + call.arguments.length, text.length + reasoning.length);
}
