import type { Failure, ToolCall, Usage } from '../client/exchange.js';

/**
 * Instants of a request, in milliseconds since it was sent. `scheduled` is therefore 0 or negative. Undefined where one
 * never came.
 */
export interface Instants {
  /** Instant it was due; before `sent` where the generator was late. */
  readonly scheduled: number;
  /** Request written to the socket. */
  readonly sent: 0;
  /** Socket ready, where one was opened for this request. */
  readonly connected: number | undefined;
  /** Headers of the response. */
  readonly headers: number | undefined;
  /** First event with a choice, even without output. */
  readonly firstChunk: number | undefined;
  /** First output, reasoning included. */
  readonly firstToken: number | undefined;
  /** First output besides reasoning. */
  readonly firstAnswer: number | undefined;
  /** Last output. */
  readonly lastToken: number | undefined;
  /** End of the response. */
  readonly ended: number;
}

/** Result of a request. A failed one returns an answer too: check `ok`. */
export interface Answer {
  /** True where the request succeeded; else `failure` has the reason. */
  readonly ok: boolean;
  /** Text of the answer, without its reasoning. */
  readonly text: string;
  /** Reasoning of the model, where the server sends it apart. */
  readonly reasoning: string;
  /** Tool calls of the model, in order of their first pieces. */
  readonly toolCalls: readonly ToolCall[];
  /** Embeddings of `embed`: one vector for each input. */
  readonly vectors: readonly (readonly number[])[] | undefined;
  /** Finish reason: `stop`, `length`, `tool_calls` or another of the protocol's. `aborted` after `abortAfter`. */
  readonly finishReason: string | undefined;
  /** Token counts of the server, where it reported them. */
  readonly usage: Usage | undefined;
  /** Kind and message of the failure. Undefined for a success. */
  readonly failure: Failure | undefined;
  /** HTTP status, where there was a response. */
  readonly status: number | undefined;
  /** Number of attempts, with `retry`. All other fields are of the last attempt. */
  readonly attempts: number;
  /** Model that was requested. */
  readonly model: string;
  /** Name under which the request is reported. */
  readonly name: string;
  /** Time to first token, in milliseconds. Undefined where the answer was not streamed. */
  readonly ttft: number | undefined;
  /** Time per output token after the first, in milliseconds. Undefined where the answer was not streamed. */
  readonly tpot: number | undefined;
  /** End-to-end latency in milliseconds: to the last token. For an answer in one piece, to its end. */
  readonly e2e: number | undefined;
  /** Tokens of the answer, by the server where it counts them. */
  readonly outputTokens: number;
  /** Tokens of the prompt, where the server counts them. */
  readonly inputTokens: number | undefined;
  /** Tokens per second after the first token, as this user saw them. */
  readonly tokensPerSecond: number | undefined;
  /** True where all SLOs were met; undefined without any. */
  readonly good: boolean | undefined;
  /** Instants of the request, in milliseconds since it was sent. */
  readonly at: Instants;
  /** Output events: milliseconds since the request was sent, and tokens. */
  readonly chunks: readonly { readonly at: number; readonly tokens: number }[];
}
