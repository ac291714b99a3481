import type { Answer } from '../../api/answer.js';
import type { ConversationOptions } from '../../api/conversation.js';
import { type ChatMessage, textOf } from '../../client/protocols/chat-messages.js';
import { EncodedHistory } from '../../client/protocols/encoded-history.js';

/** Tokens per byte of UTF-8, before the server has counted any. */
const TOKENS_A_BYTE = 0.25;

/** Names of the options of a history. */
export const HISTORY_OPTIONS = ['system', 'maxTurns', 'maxHistoryTokens'];

/** Messages of a chat of several turns, within limits. The oldest turns are dropped first. */
export class ChatHistory {
  readonly #opening: readonly ChatMessage[];
  readonly #maxTurns: number;
  readonly #maxTokens: number;
  readonly #encoded: EncodedHistory;
  /** Messages of all turns, and how many each has. */
  #said: ChatMessage[] = [];
  #turns: number[] = [];
  #tokensAByte = TOKENS_A_BYTE;
  /** Number of turns dropped or removed so far. */
  dropped = 0;

  /** Throws a TypeError that begins with `what` for an invalid limit. */
  constructor(what: string, options: ConversationOptions) {
    const { system, maxTurns = Number.POSITIVE_INFINITY, maxHistoryTokens = Number.POSITIVE_INFINITY } = options;
    checkLimit(what, 'maxTurns', maxTurns, 0);
    checkLimit(what, 'maxHistoryTokens', maxHistoryTokens, 1);
    this.#encoded = new EncodedHistory(system);
    this.#opening = system === undefined ? [] : [{ role: 'system', content: system }];
    this.#maxTurns = maxTurns;
    this.#maxTokens = maxHistoryTokens;
  }

  /** Messages before the next question. */
  get messages(): readonly ChatMessage[] {
    return [...this.#opening, ...this.#said];
  }

  /** Messages of a request with these new ones. Drops what exceeds the limits. */
  ask(question: readonly ChatMessage[]): readonly ChatMessage[] {
    while (this.#turns.length > this.#maxTurns) this.#forget();
    while (this.#turns.length > 0 && this.#exceeds(question)) this.#forget();
    const messages = [...this.#opening, ...this.#said, ...question];
    return this.#encoded.attach(messages, this.#said, question);
  }

  /** Takes the answer to `messages`, of which `question` is new. A failed turn never happened. */
  take(messages: readonly ChatMessage[], question: readonly ChatMessage[], answer: Answer): void {
    if (answer.inputTokens && this.#maxTokens < Number.POSITIVE_INFINITY) {
      this.#tokensAByte = answer.inputTokens / Math.max(1, bytesOf(messages));
    }
    if (!answer.ok) return;
    this.#said.push(...question, messageOf(answer));
    this.#turns.push(question.length + 1);
  }

  /** Removes all turns. */
  reset(): void {
    this.dropped += this.#turns.length;
    this.#turns = [];
    this.#said = [];
    this.#encoded.clear();
  }

  #exceeds(question: readonly ChatMessage[]): boolean {
    if (this.#maxTokens === Number.POSITIVE_INFINITY) return false;
    return bytesOf([...this.messages, ...question]) * this.#tokensAByte > this.#maxTokens;
  }

  #forget(): void {
    // The result of a tool means nothing without its call.
    do {
      this.#said.splice(0, this.#turns.shift());
      this.dropped += 1;
    } while (this.#said[0]?.role === 'tool');
    this.#encoded.clear();
  }
}

/** Messages of a prompt; a text is one of the user. */
export function questionOf(prompt: string | readonly ChatMessage[]): readonly ChatMessage[] {
  return typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : [...prompt];
}

/** Message of an answer in the history. Without its reasoning, as servers expect. */
function messageOf({ text, toolCalls }: Answer): ChatMessage {
  if (toolCalls.length === 0) return { role: 'assistant', content: text };
  const calls = toolCalls.map(({ id, name, arguments: given }) => {
    return { id, type: 'function', function: { name, arguments: given } } as const;
  });
  return { role: 'assistant', content: text || null, tool_calls: calls };
}

function bytesOf(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + Buffer.byteLength(textOf(message)), 0);
}

function checkLimit(what: string, name: string, limit: number, least: number): void {
  if (typeof limit === 'number' && limit >= least) return;
  throw new TypeError(`${what}: ${name} has to be a number from ${least} on, got ${JSON.stringify(limit)}`);
}
