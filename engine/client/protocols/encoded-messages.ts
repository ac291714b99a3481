import type { ChatMessage } from './chat-messages.js';

/** Body of a chat whose messages are encoded already. */
export interface EncodedMessages {
  /** Body with further fields: JSON without its opening brace. In parts, which are not changed while it is sent. */
  close(rest: string): Buffer | readonly Buffer[];
}

/** Key of the encoding in a list. A weak map of lists would cost more than all else about a request. */
export const ENCODING = Symbol('encoding');

type Encodable = readonly ChatMessage[] & { readonly [ENCODING]?: EncodedMessages };

/** Attaches an encoding to a list of messages, for requests with it. Returns the list. */
export function withEncoding(messages: readonly ChatMessage[], encoded: EncodedMessages): readonly ChatMessage[] {
  return Object.defineProperty(messages, ENCODING, { value: encoded });
}

/** Encoding of messages, where there is one. */
export function encodingOf(messages: readonly ChatMessage[] | string): EncodedMessages | undefined {
  return typeof messages === 'object' && messages !== null ? (messages as Encodable)[ENCODING] : undefined;
}
