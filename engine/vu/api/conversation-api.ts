import type { Answer } from '../../api/answer.js';
import type { Conversation, ConversationOptions } from '../../api/conversation.js';
import type { Api } from '../../api/index.js';
import { type ChatMessage, textOf } from '../../client/protocols/chat-messages.js';
import { checkFields } from '../../schema.js';

/** Tokens per byte of UTF-8, before the server has counted any. */
const TOKENS_A_BYTE = 0.25;

/** Creates `conversation` on top of a VU's `chat`. */
export function conversationOver(chat: Api['chat']): Api['conversation'] {
  return (options = {}) => converse(chat, options);
}

function converse(chat: Api['chat'], options: ConversationOptions): Conversation {
  checkFields('conversation', options, ['system', 'maxTurns', 'maxHistoryTokens']);
  const { system, maxTurns = Number.POSITIVE_INFINITY, maxHistoryTokens = Number.POSITIVE_INFINITY } = options;
  checkLimit('maxTurns', maxTurns, 0);
  checkLimit('maxHistoryTokens', maxHistoryTokens, 1);
  const opening: readonly ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  let turns: (readonly ChatMessage[])[] = [];
  let turn = 0;
  let isWaiting = false;
  let tokensAByte = TOKENS_A_BYTE;

  const forget = () => {
    // The result of a tool means nothing without its call.
    do turns.shift();
    while (turns[0]?.[0]?.role === 'tool');
  };

  return {
    get history() {
      return [...opening, ...turns.flat()];
    },
    get turn() {
      return turn;
    },
    async say(prompt, request) {
      if (isWaiting) throw new Error('say: the turn before has not been answered yet; await it');
      const question: readonly ChatMessage[] =
        typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : [...prompt];
      const all = () => [...opening, ...turns.flat(), ...question];
      while (turns.length > maxTurns) forget();
      while (turns.length > 0 && bytesOf(all()) * tokensAByte > maxHistoryTokens) forget();
      const messages = all();
      isWaiting = true;
      try {
        const answer = await chat({ ...request, messages, tags: { ...request?.tags, turn: turn + 1 } });
        if (answer.inputTokens) tokensAByte = answer.inputTokens / Math.max(1, bytesOf(messages));
        if (answer.ok) {
          turns.push([...question, messageOf(answer)]);
          turn += 1;
        }
        return answer;
      } finally {
        isWaiting = false;
      }
    },
    reset() {
      turns = [];
      turn = 0;
    },
  };
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

function checkLimit(name: string, limit: number, least: number): void {
  if (typeof limit === 'number' && limit >= least) return;
  throw new TypeError(`conversation: ${name} has to be a number from ${least} on, got ${JSON.stringify(limit)}`);
}
