import type { ChatAnswer, ChatRequest } from './chat.js';
import { outside } from './outside.js';

/**
 * Sends a chat request and reads its streamed answer to the end. Does not throw when the request fails: see `ok` and
 * `failure` of the answer.
 *
 * ```ts
 * const answer = await chat({ messages: prompts.next(), maxTokens: 256, slo: { ttft: 500, tpot: 50 } });
 * ```
 */
export function chat(_request: ChatRequest): Promise<ChatAnswer> {
  return outside('chat');
}
