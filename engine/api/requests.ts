import type { OutputKind } from '../client/exchange.js';
import type { AnthropicBody } from '../client/protocols/anthropic.js';
import type { ChatBody } from '../client/protocols/chat.js';
import type { CompletionBody } from '../client/protocols/complete.js';
import type { EmbeddingBody } from '../client/protocols/embed.js';
import type { OllamaBody } from '../client/protocols/ollama.js';
import type { ResponsesBody } from '../client/protocols/responses.js';
import type { Duration } from './options.js';

/** Limits, in milliseconds, that one request has to meet to count as good (`llm_good`, goodput). */
export interface Slo {
  /** Time to first token; of no effect where the answer is not streamed. */
  readonly ttft?: number;
  /** Time per output token; of no effect where the answer is not streamed. */
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

/** What every function that makes a request takes, whatever the protocol. */
export interface CallOptions {
  /** Default: the model of the run. */
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Put on this request's samples; thresholds can select them. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** The row in which this request is reported. Use few different names. Default: the function's name. */
  readonly name?: string;
  readonly slo?: Slo;
  /** Default: ten minutes in all and one minute between bytes. A single duration is the time in all. */
  readonly timeout?: Duration | { readonly total?: Duration; readonly idle?: Duration };
  /** Ends the request when it aborts: a failure of the kind `cancelled`. */
  readonly signal?: AbortSignal;
  /** Default: one attempt. */
  readonly retry?: Retry;
}

/** When and where an output event came. */
export interface TokenInfo {
  /** Number of the event, from 0. */
  readonly index: number;
  /** Milliseconds since the request was sent. */
  readonly at: number;
  /** Tokens that it brought, as far as is known by now. */
  readonly tokens: number;
  readonly kind: OutputKind;
}

/** What functions whose answer is streamed take beside. */
export interface StreamOptions extends CallOptions {
  /**
   * Closes the connection after so many output tokens, as a reader does who has seen enough. The request is a success
   * with the finish reason `aborted`.
   */
  readonly abortAfter?: { readonly tokens: number };
  /**
   * Called for each output event, after its instant was taken, with the text, the reasoning or the tool arguments that
   * it brought. What it throws cancels the request and ends the iteration. Time spent in it delays all other requests.
   */
  readonly onToken?: (text: string, info: TokenInfo) => void;
}

/** What `chat` sends: a chat completion. */
export interface ChatRequest extends ChatBody, StreamOptions {}

/** What `complete` sends: a legacy completion. */
export interface CompletionRequest extends CompletionBody, StreamOptions {}

/** What `embed` sends. */
export interface EmbeddingRequest extends EmbeddingBody, CallOptions {}

/** What `responses` sends, to OpenAI's Responses API. */
export interface ResponsesRequest extends ResponsesBody, StreamOptions {}

/** What `anthropic` sends, to the Messages API. */
export interface AnthropicRequest extends AnthropicBody, StreamOptions {}

/** What `ollama` sends, to Ollama's own chat API. */
export interface OllamaRequest extends OllamaBody, StreamOptions {}
