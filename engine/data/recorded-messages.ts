import { didYouMean } from '../errors.js';
import { shown, turnOf } from './conversation-turns.js';
import type { Message } from './message-text.js';

const ROLES = ['system', 'user', 'assistant', 'tool', 'developer'];

/** Parses messages of OpenAI's form or ShareGPT's. Returns an error message for invalid ones. */
export function messagesIn(list: readonly unknown[], where: string): readonly Message[] | string {
  if (list.length === 0) return `"${where}" is empty`;
  const found: Message[] = [];
  for (const [index, message] of list.entries()) {
    const read = messageOf(message);
    if (typeof read === 'string') return `"${where}[${index}]${read}`;
    found.push(read);
  }
  return found;
}

/** Message as it is, or an error message, after its place. */
function messageOf(message: unknown): Message | string {
  if (!isObject(message)) return `": expected {role, content}, got ${shown(message)}`;
  const { role, content, from } = message;
  if (role === undefined && from !== undefined) {
    const turn = turnOf(message);
    return typeof turn === 'string' ? turn : { role: turn.speaker, content: turn.text };
  }
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    return `.role": expected ${ROLES.join(', ')}, got ${shown(role)}${didYouMean(role, ROLES)}`;
  }
  if (typeof content === 'string' || Array.isArray(content)) return message as unknown as Message;
  if (content !== undefined && content !== null) return `.content": expected a text, got ${shown(content)}`;
  // An assistant message with tool calls has no content, and a tool may return none.
  if (role === 'assistant' && (content === null || message.tool_calls || message.function_call)) {
    return { ...message, role, content: null };
  }
  return role === 'tool' ? { ...message, role, content: '' } : `.content": expected a text, got ${shown(content)}`;
}

/** Parses Alpaca's `history`: pairs of earlier questions and answers. */
export function pairsIn(history: unknown): readonly Message[] | string {
  const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2 && pair.every(isString);
  if (!Array.isArray(history) || !history.every(isPair)) {
    return `"history": expected a list of [question, answer], got ${shown(history)}`;
  }
  return (history as readonly [string, string][]).flatMap(([question, answer]): Message[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
