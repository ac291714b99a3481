/** Part of a message: text, an image, or a server's own type. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image_url';
      /** URL, or a data URL with the image: `data:image/png;base64,…`. */
      readonly image_url: { readonly url: string; readonly detail?: 'auto' | 'low' | 'high' };
    }
  | { readonly type: string; readonly [field: string]: unknown };

/** Message of a conversation, in the form of OpenAI's chat API. The other protocols translate it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer';
  /** Null for an assistant message with tool calls only. */
  readonly content: string | readonly ContentPart[] | null;
  /** Tool calls of an assistant message. */
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  /** Id of the tool call that a tool message answers. */
  readonly tool_call_id?: string;
}

/** Normalizes messages; a string becomes one user message. Throws a TypeError where there are none. */
export function readMessages(what: string, messages: readonly ChatMessage[] | string): readonly ChatMessage[] {
  if (typeof messages === 'string') return [{ role: 'user', content: messages }];
  if (Array.isArray(messages) && messages.length > 0) return messages as readonly ChatMessage[];
  throw new TypeError(`${what} needs messages: a text or a list of {role, content}, got ${JSON.stringify(messages)}`);
}

/** Parts of a message; an empty string has none. */
export function partsOf({ content }: ChatMessage): readonly ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content ?? [];
}

/** Text of a message, without its other parts. */
export function textOf(message: ChatMessage): string {
  return partsOf(message)
    .map((part) => (isText(part) ? part.text : ''))
    .join('');
}

export function isText(part: ContentPart): part is ContentPart & { readonly type: 'text'; readonly text: string } {
  return part.type === 'text';
}

export function isImage(part: ContentPart): part is ContentPart & { readonly type: 'image_url' } & {
  readonly image_url: { readonly url: string; readonly detail?: string };
} {
  return part.type === 'image_url';
}

/**
 * Splits a base64 data URL into type and data. Undefined for other URLs; throws a TypeError for a data URL without
 * base64.
 */
export function readDataUrl(url: string): { readonly type: string; readonly data: string } | undefined {
  if (!url.startsWith('data:')) return undefined;
  const at = url.indexOf(';base64,');
  if (at < 0) throw new TypeError(`expected a data URL with base64, got ${url.slice(0, 40)}`);
  return { type: url.slice('data:'.length, at), data: url.slice(at + ';base64,'.length) };
}

/** Arguments of a tool call as parsed JSON; `{}` where invalid. */
export function readArguments(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
