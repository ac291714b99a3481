import { conversationText } from '../text/conversation-text.js';
import {
  count,
  readBody,
  readSampling,
  readStreamOptions,
  rejectSeveralChoices,
  type Sampling,
} from './request-fields.js';
import { type Calling, readCalling } from './tools.js';

/** Fields of a chat completion request that the simulator supports. All others are ignored. */
export interface ChatRequest extends Sampling {
  readonly prompt: string;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  readonly maxTokens: number | undefined;
  readonly calling: Calling | undefined;
}

/** Validates a parsed body; throws an ApiError at the first invalid field. */
export function readChatRequest(given: unknown): ChatRequest {
  const body = readBody(given);
  rejectSeveralChoices(body);
  const maxTokens = count(body, 'max_tokens');
  return {
    ...readSampling(body),
    ...readStreamOptions(body),
    prompt: conversationText(body.messages),
    maxTokens: count(body, 'max_completion_tokens') ?? maxTokens,
    calling: readCalling(body),
  };
}
