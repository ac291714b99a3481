import type { Failure, ToolCall, Usage } from '../client/exchange.js';

/**
 * When things happened, in milliseconds since the request was sent (`scheduled` is therefore 0 or negative).
 * Undefined what never happened.
 */
export interface Instants {
  readonly scheduled: number;
  readonly sent: 0;
  /** A socket was opened for this request. */
  readonly connected: number | undefined;
  readonly headers: number | undefined;
  /** First event with a choice in it, even without output. */
  readonly firstChunk: number | undefined;
  readonly firstToken: number | undefined;
  /** First output that is not reasoning. */
  readonly firstAnswer: number | undefined;
  readonly lastToken: number | undefined;
  readonly ended: number;
}

/** What came of a request. A failed request is an answer too: look at `ok`. */
export interface Answer {
  readonly ok: boolean;
  readonly text: string;
  readonly reasoning: string;
  /** The tools that the model calls, in the order in which it began to. */
  readonly toolCalls: readonly ToolCall[];
  /** Of `embed`: a vector for each input. */
  readonly vectors: readonly (readonly number[])[] | undefined;
  /** `stop`, `length`, `tool_calls`, … whatever the protocol calls it; `aborted` after `abortAfter`. */
  readonly finishReason: string | undefined;
  /** The server's token counts, where it told them. */
  readonly usage: Usage | undefined;
  readonly failure: Failure | undefined;
  /** The HTTP status, where there was a response. */
  readonly status: number | undefined;
  /** How often the request was sent, with `retry`; all else is of the last attempt. */
  readonly attempts: number;
  readonly model: string;
  readonly name: string;
  /** Milliseconds to the first token; undefined where the answer was not streamed. */
  readonly ttft: number | undefined;
  /** Milliseconds for each further token; undefined where the answer was not streamed. */
  readonly tpot: number | undefined;
  /** Milliseconds to the last token, or to the end of an answer in one piece. */
  readonly e2e: number | undefined;
  readonly outputTokens: number;
  readonly inputTokens: number | undefined;
  /** Tokens per second after the first: the speed that this user saw. */
  readonly tokensPerSecond: number | undefined;
  /** Whether every SLO was met; undefined when there was none. */
  readonly good: boolean | undefined;
  readonly at: Instants;
  /** When each output event came, in milliseconds since the request was sent, and the tokens in it. */
  readonly chunks: readonly { readonly at: number; readonly tokens: number }[];
}
