import type { ChatMessage } from './chat-messages.js';

/** Body of a chat whose messages are encoded already. */
export interface EncodedMessages {
  /** Body with further fields: JSON without its opening brace. */
  close(rest: string): Buffer;
}

const ENCODED = new WeakMap<object, EncodedMessages>();

/** Attaches an encoding to messages, for requests with them. Returns the messages. */
export function withEncoding(messages: readonly ChatMessage[], encoded: EncodedMessages): readonly ChatMessage[] {
  ENCODED.set(messages, encoded);
  return messages;
}

/** Encoding of messages, where there is one. */
export function encodingOf(messages: readonly ChatMessage[] | string): EncodedMessages | undefined {
  return typeof messages === 'object' ? ENCODED.get(messages) : undefined;
}
