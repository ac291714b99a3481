import type { ChatMessage } from '../client/protocols/chat-messages.js';
import type { Answer } from './answer.js';
import { outside } from './outside.js';
import type { ChatRequest } from './requests.js';

/** What a conversation begins with, and how much of it is sent again. */
export interface ConversationOptions {
  /** The system message that comes before all turns. It is never forgotten. */
  readonly system?: string;
  /** Earlier turns that are sent again at most; the oldest are forgotten first. Default: all. */
  readonly maxTurns?: number;
  /**
   * Tokens that a request has at most, the new question included: turns are forgotten, the oldest first, until it fits.
   * They are reckoned from the text's length, at the server's own rate once it has told its `usage`. Default: no limit.
   */
  readonly maxHistoryTokens?: number;
}

/** A conversation of several turns, with all that was said. */
export interface Conversation {
  /** What the next turn sends before its question: the system message, questions and answers. */
  readonly history: readonly ChatMessage[];
  /** How many turns have been answered since the beginning, forgotten ones included. */
  readonly turn: number;
  /**
   * Asks the next question, with everything that was said before, and gives the answer. The request has the tag `turn`,
   * from 1: `'llm_ttft{turn:1}'` is a threshold on opening turns. Question and answer become history when the answer
   * is `ok`; a turn that failed never happened, and the next one has its number. A list of messages is for what a text
   * cannot say: images, or the results of tools that the last answer called.
   */
  say(prompt: string | readonly ChatMessage[], request?: Omit<ChatRequest, 'messages'>): Promise<Answer>;
  /** Forgets all turns: the next one is the first. */
  reset(): void;
}

/**
 * Begins a conversation over `chat`, which keeps its history: one for each iteration where it is called in there, one
 * for each user where it is called at the top of the file.
 *
 * ```ts
 * const talk = conversation({ system: 'You answer in a few sentences.' });
 * for (const question of prompts.turns()) await talk.say(question, { maxTokens: 128 });
 * ```
 */
export function conversation(_options?: ConversationOptions): Conversation {
  return outside('conversation');
}
