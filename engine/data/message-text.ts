/** One message of a conversation, as OpenAI's chat API takes it. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer';
  readonly content: string | readonly { readonly type: string; readonly [field: string]: unknown }[] | null;
}

/** The text of messages, one below the other. */
export function textOf(messages: readonly Message[]): string {
  return messages.map(({ content }) => contentText(content)).join('\n');
}

/** The text of a message's content, in one piece or in parts. */
export function contentText(content: Message['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => (typeof text === 'string' ? text : '')).join('');
}
