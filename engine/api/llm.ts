import type { Answer } from './answer.js';
import { outside } from './outside.js';
import type {
  AnthropicRequest,
  ChatRequest,
  CompletionRequest,
  EmbeddingRequest,
  OllamaRequest,
  ResponsesRequest,
} from './requests.js';

/**
 * Sends a chat request and reads its streamed answer to the end. Does not throw when the request fails: see `ok` and
 * `failure` of the answer.
 *
 * ```ts
 * const answer = await chat({ messages: prompts.next(), maxTokens: 256, slo: { ttft: 500, tpot: 50 } });
 * ```
 */
export function chat(_request: ChatRequest): Promise<Answer> {
  return outside('chat');
}

/** The same for a legacy completion (`/v1/completions`): the prompt is a text, or its token ids. */
export function complete(_request: CompletionRequest): Promise<Answer> {
  return outside('complete');
}

/** Asks for embeddings (`/v1/embeddings`): they are in the answer's `vectors`. There is no TTFT and no TPOT. */
export function embed(_request: EmbeddingRequest): Promise<Answer> {
  return outside('embed');
}

/** The same as `chat` over OpenAI's Responses API (`/v1/responses`). */
export function responses(_request: ResponsesRequest): Promise<Answer> {
  return outside('responses');
}

/** The same as `chat` over Anthropic's Messages API (`/v1/messages`). */
export function anthropic(_request: AnthropicRequest): Promise<Answer> {
  return outside('anthropic');
}

/** The same as `chat` over Ollama's own API (`/api/chat`). */
export function ollama(_request: OllamaRequest): Promise<Answer> {
  return outside('ollama');
}
