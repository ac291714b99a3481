import type { Conversation, ConversationOptions } from '../../api/conversation.js';
import type { Api } from '../../api/index.js';
import { checkFields } from '../../schema.js';
import { ChatHistory, HISTORY_OPTIONS, questionOf } from './chat-history.js';

/** Creates `conversation` on top of a VU's `chat`. */
export function conversationOver(chat: Api['chat']): Api['conversation'] {
  return (options = {}) => converse(chat, options);
}

function converse(chat: Api['chat'], options: ConversationOptions): Conversation {
  checkFields('conversation', options, HISTORY_OPTIONS);
  const history = new ChatHistory('conversation', options);
  let turn = 0;
  let isWaiting = false;
  return {
    get history() {
      return history.messages;
    },
    get turn() {
      return turn;
    },
    async say(prompt, request) {
      if (isWaiting) throw new Error('say: the turn before has not been answered yet; await it');
      const question = questionOf(prompt);
      const messages = history.ask(question);
      isWaiting = true;
      try {
        const answer = await chat({ ...request, messages, tags: { ...request?.tags, turn: turn + 1 } });
        history.take(messages, question, answer);
        if (answer.ok) turn += 1;
        return answer;
      } finally {
        isWaiting = false;
      }
    },
    reset() {
      history.reset();
      turn = 0;
    },
  };
}
