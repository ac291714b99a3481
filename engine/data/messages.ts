import type { Row } from './rows.js';

/** One message of a conversation. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * A record as the messages to send. It may have `messages` (OpenAI), `prompt`, `instruction` with an optional `input`
 * (Alpaca: joined by a line break), `question`, or `conversations` (ShareGPT: the first turn of a human).
 * Undefined when it has none of these.
 */
export function messagesOf(row: Row): Message[] | undefined {
  const { messages, prompt, instruction, input, question, conversations } = row;
  // A copy, for a script that adds the answer to it must not change the data set.
  if (Array.isArray(messages) && messages.length > 0) return [...(messages as Message[])];
  if (isText(prompt)) return [{ role: 'user', content: prompt }];
  if (isText(instruction)) {
    return [{ role: 'user', content: isText(input) ? `${instruction}\n${input}` : instruction }];
  }
  if (isText(question)) return [{ role: 'user', content: question }];
  if (Array.isArray(conversations)) {
    const turns = conversations as readonly ({ readonly from?: unknown; readonly value?: unknown } | null)[];
    const first = turns.find((turn) => turn?.from === 'human' || turn?.from === 'user');
    if (isText(first?.value)) return [{ role: 'user', content: first.value }];
  }
  return undefined;
}

/**
 * What the human says in a record, turn by turn: of `conversations` (ShareGPT) and `messages` (OpenAI) all of it, of any
 * other record its one prompt. Undefined when there is nothing.
 */
export function turnsOf(row: Row): string[] | undefined {
  const { conversations } = row;
  const said = Array.isArray(conversations)
    ? (conversations as readonly ({ readonly from?: unknown; readonly value?: unknown } | null)[]).map((turn) =>
        turn?.from === 'human' || turn?.from === 'user' ? turn.value : undefined,
      )
    : messagesOf(row)?.map(({ role, content }) => (role === 'user' ? content : undefined));
  const turns = said?.filter(isText) ?? [];
  return turns.length > 0 ? turns : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
