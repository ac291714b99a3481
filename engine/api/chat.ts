import type { ChatMessage } from '../client/chat.js';
import type { Failure, Usage } from '../client/exchange.js';
import type { Duration } from './options.js';

/** Limits, in milliseconds, that one request has to meet to count as good (`llm_good`, goodput). */
export interface Slo {
  /** Time to first token. */
  readonly ttft?: number;
  /** Time per output token. */
  readonly tpot?: number;
  /** End to end. */
  readonly e2e?: number;
}

/** How often a request is sent when the server answers that it is busy (429 or 503). */
export interface Retry {
  /**
   * The first attempt included. Before each further one is waited for as long as the server asks (`Retry-After`), else
   * 1 s, doubled each time; all together stay within the request's `timeout`. Every attempt is counted as a request.
   */
  readonly attempts: number;
}

/** What `chat` sends. */
export interface ChatRequest {
  /** A conversation, or a single text that the user says. */
  readonly messages: readonly ChatMessage[] | string;
  /** Default: the model of the run. */
  readonly model?: string;
  /** The answer's length in tokens, at most. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: string | readonly string[];
  readonly seed?: number;
  /** Further fields of the request's body, as the server names them; they win over all others. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Put on this request's samples; thresholds can select them. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** The row in which this request is reported. Use few different names. Default: `'chat'`. */
  readonly name?: string;
  readonly slo?: Slo;
  /** Default: ten minutes in all and one minute between bytes. A single duration is the time in all. */
  readonly timeout?: Duration | { readonly total?: Duration; readonly idle?: Duration };
  /** Default: one attempt. */
  readonly retry?: Retry;
}

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
export interface ChatAnswer {
  readonly ok: boolean;
  readonly text: string;
  readonly reasoning: string;
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
  /** Milliseconds to the first token. */
  readonly ttft: number | undefined;
  /** Milliseconds for each further token. */
  readonly tpot: number | undefined;
  /** Milliseconds to the last token. */
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
