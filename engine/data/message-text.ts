/** Message of a conversation, in the form of OpenAI's chat API. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer';
  readonly content: string | readonly { readonly type: string; readonly [field: string]: unknown }[] | null;
}

/** Texts of messages, joined by line breaks. */
export function textOf(messages: readonly Message[]): string {
  return messages.map(({ content }) => contentText(content)).join('\n');
}

/** Text of a message's content, as a string or in parts. */
export function contentText(content: Message['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => (typeof text === 'string' ? text : '')).join('');
}
