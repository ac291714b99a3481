import type { ChatMessage } from '../client/protocols/chat-messages.js';
import type { Answer } from './answer.js';
import { outside } from './outside.js';
import type { ChatRequest } from './requests.js';

/** Options of a conversation: its system message, and limits on its history. */
export interface ConversationOptions {
  /** System message before all turns. It is never dropped. */
  readonly system?: string | undefined;
  /** Most earlier turns sent again. The oldest are dropped first. Default: all. */
  readonly maxTurns?: number;
  /**
   * Most tokens of a request, the new question included. The oldest turns are dropped until it fits. Tokens are
   * estimated from the text's length, at the server's own rate once it has reported `usage`. Default: no limit.
   */
  readonly maxHistoryTokens?: number;
}

/** Conversation of several turns, with its history. */
export interface Conversation {
  /** Messages before the next question: system message, questions and answers. */
  readonly history: readonly ChatMessage[];
  /** Number of turns answered, dropped ones included. */
  readonly turn: number;
  /**
   * Sends the next question with the history, and resolves to the answer. The request has the tag `turn`, from 1:
   * `'llm_ttft{turn:1}'` is a threshold on opening turns. Question and answer become history when the answer is `ok`; a
   * turn that failed never happened, and the next one has its number. A list of messages is for what a text cannot say:
   * images, or the results of tools that the last answer called.
   */
  say(prompt: string | readonly ChatMessage[], request?: Omit<ChatRequest, 'messages'>): Promise<Answer>;
  /** Removes all turns; the next one is the first. */
  reset(): void;
}

/**
 * Starts a conversation over `chat` that keeps its history. Call it in the iteration for one conversation each, or in
 * the init code for one per user.
 *
 * ```ts
 * const talk = conversation({ system: 'You answer in a few sentences.' });
 * for (const question of prompts.turns()) await talk.say(question, { maxTokens: 128 });
 * ```
 */
export function conversation(options?: ConversationOptions): Conversation {
  return outside('conversation', options);
}
