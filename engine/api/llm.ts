import type { Answer } from './answer.js';
import { outside } from './outside.js';
import type {
  AnthropicRequest,
  ChatRequest,
  CompletionRequest,
  EmbeddingRequest,
  GeminiRequest,
  OllamaRequest,
  ResponsesRequest,
  TgiRequest,
} from './requests.js';

/**
 * Sends a chat request and reads its streamed answer. Does not throw for a failed request: check `ok` and `failure` of
 * the answer.
 *
 * ```ts
 * const answer = await chat({ messages: prompts.next(), maxTokens: 256, slo: { ttft: 500, tpot: 50 } });
 * ```
 */
export function chat(request: ChatRequest): Promise<Answer> {
  return outside('chat', request);
}

/** Sends a legacy completion request (`/v1/completions`). The prompt is a string, or its token ids. */
export function complete(request: CompletionRequest): Promise<Answer> {
  return outside('complete', request);
}

/** Requests embeddings (`/v1/embeddings`), returned in the answer's `vectors`. They have no TTFT and no TPOT. */
export function embed(request: EmbeddingRequest): Promise<Answer> {
  return outside('embed', request);
}

/** Sends a chat over OpenAI's Responses API (`/v1/responses`). */
export function responses(request: ResponsesRequest): Promise<Answer> {
  return outside('responses', request);
}

/** Sends a chat over Anthropic's Messages API (`/v1/messages`). */
export function anthropic(request: AnthropicRequest): Promise<Answer> {
  return outside('anthropic', request);
}

/** Sends a chat over Ollama's own API (`/api/chat`). */
export function ollama(request: OllamaRequest): Promise<Answer> {
  return outside('ollama', request);
}

/** Continues a text over TGI's own API (`/generate_stream`). Its stream has an event for each token. */
export function tgi(request: TgiRequest): Promise<Answer> {
  return outside('tgi', request);
}

/** Sends a chat over Google's Gemini API (`/v1beta/models/…:streamGenerateContent`). */
export function gemini(request: GeminiRequest): Promise<Answer> {
  return outside('gemini', request);
}
