import type { OutputKind } from '../client/exchange.js';
import type { AnthropicBody } from '../client/protocols/anthropic.js';
import type { ChatBody } from '../client/protocols/chat.js';
import type { CompletionBody } from '../client/protocols/complete.js';
import type { EmbeddingBody } from '../client/protocols/embed.js';
import type { GeminiBody } from '../client/protocols/gemini-request.js';
import type { OllamaBody } from '../client/protocols/ollama.js';
import type { ResponsesBody } from '../client/protocols/responses.js';
import type { TgiBody } from '../client/protocols/tgi.js';
import type { Duration, DurationText } from './scenarios.js';

/** Latency limits of a good request (`llm_good`, goodput). In milliseconds from 1 up, or texts such as `'0.5s'`. */
export interface Slo {
  /** Time to first token. Ignored where the answer is not streamed. */
  readonly ttft?: number | DurationText;
  /** Time per output token. Ignored where the answer is not streamed. */
  readonly tpot?: number | DurationText;
  /** End-to-end latency. */
  readonly e2e?: number | DurationText;
}

/** Retries for a busy server (429 or 503). */
export interface Retry {
  /**
   * Most attempts, the first included. Waits between them follow the server's `Retry-After`, else 1 s, doubled each
   * time; all together stay within the request's `timeout`. Each attempt counts as a request.
   */
  readonly attempts: number;
}

/** Options of all LLM requests, in any protocol. */
export interface CallOptions {
  /** Default: the model of the run. */
  readonly model?: string;
  /** Further HTTP headers. They replace those of the run of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Tags of this request's samples, for thresholds. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** Name under which the request is reported. Use few different names. Default: the function's name. */
  readonly name?: string;
  /** Latency limits, such as `{ ttft: 500, tpot: 50 }`. In milliseconds; requests within all of them are the goodput. */
  readonly slo?: Slo;
  /**
   * Time limits; a single duration is the total. In all (default: ten minutes), to the first token (default: the total),
   * and between reads after that (default: one minute).
   */
  readonly timeout?: Duration | { readonly total?: Duration; readonly firstToken?: Duration; readonly idle?: Duration };
  /** Cancels the request when aborted: it fails as `cancelled`. */
  readonly signal?: AbortSignal;
  /** Default: one attempt. */
  readonly retry?: Retry;
}

/** Position and time of an output event. */
export interface TokenInfo {
  /** Index of the event, from 0. */
  readonly index: number;
  /** Milliseconds since the request was sent. */
  readonly at: number;
  /** Tokens of the event, as far as known yet. */
  readonly tokens: number;
  /** Output of the event: text, reasoning or a tool call. */
  readonly kind: OutputKind;
}

/** Further options of requests with streamed answers. */
export interface StreamOptions extends CallOptions {
  /** Closes the connection after this many output tokens. The request succeeds with the finish reason `aborted`. */
  readonly abortAfter?: { readonly tokens: number };
  /**
   * Callback for each output event, after its instant was taken. `text` is a piece of the answer, its reasoning or tool
   * arguments. An error of the callback cancels the request and ends the iteration. Time spent in it delays all other
   * requests.
   */
  readonly onToken?: (text: string, info: TokenInfo) => void;
}

/** Request of `chat`: a chat completion. */
export interface ChatRequest extends ChatBody, StreamOptions {}

/** Request of `complete`: a legacy completion. */
export interface CompletionRequest extends CompletionBody, StreamOptions {}

/** Request of `embed`. */
export interface EmbeddingRequest extends EmbeddingBody, CallOptions {}

/** Request of `responses`, for OpenAI's Responses API. */
export interface ResponsesRequest extends ResponsesBody, StreamOptions {}

/** Request of `anthropic`, for the Messages API. */
export interface AnthropicRequest extends AnthropicBody, StreamOptions {}

/** Request of `ollama`, for Ollama's own chat API. */
export interface OllamaRequest extends OllamaBody, StreamOptions {}

/** Request of `tgi`, for Hugging Face TGI's own API. */
export interface TgiRequest extends TgiBody, StreamOptions {}

/** Request of `gemini`, for Google's Gemini API. */
export interface GeminiRequest extends GeminiBody, StreamOptions {}
