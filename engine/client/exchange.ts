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
  readonly outputTokens: number;
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
  text: string;
  reasoning: string;
  finishReason: string | undefined;
  usage: Usage | undefined;
  failure: Failure | undefined;
  /** The stream said that it was complete (`[DONE]`). */
  done: boolean;
  /** The run ended while this was in flight: neither a success nor a failure. */
  censored: boolean;
  /** A reused socket had died, and the request was sent again on a fresh one. */
  reconnected: boolean;
  bytesSent: number;
  bytesReceived: number;
}

/** A request that is about to be made. */
export function openExchange(name: string, model: string, scheduledAt: number): Exchange {
  return {
    name,
    model,
    scheduledAt,
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
    text: '',
    reasoning: '',
    finishReason: undefined,
    usage: undefined,
    failure: undefined,
    done: false,
    censored: false,
    reconnected: false,
    bytesSent: 0,
    bytesReceived: 0,
  };
}

/** Notes an event that carries output; `answer` is false for reasoning. */
export function noteOutput(exchange: Exchange, at: number, tokens: number, answer: boolean): void {
  exchange.firstTokenAt ??= at;
  if (answer) exchange.firstAnswerAt ??= at;
  exchange.lastTokenAt = at;
  exchange.chunkAt.push(at);
  exchange.chunkTokens.push(tokens);
}
