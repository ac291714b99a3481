/** A part of a message: text, an image, or whatever else the server takes. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image_url';
      /** An address, or the image itself as a data URL: `data:image/png;base64,…`. */
      readonly image_url: { readonly url: string; readonly detail?: 'auto' | 'low' | 'high' };
    }
  | { readonly type: string; readonly [field: string]: unknown };

/** One message of a conversation, as OpenAI's chat API takes it. The other protocols translate it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer';
  /** Null where an assistant only called tools. */
  readonly content: string | readonly ContentPart[] | null;
  /** The tools that an assistant called. */
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  /** Which call a tool answers. */
  readonly tool_call_id?: string;
}

/** The messages of a request, of which a text is the user's. Throws a TypeError where there are none. */
export function readMessages(what: string, messages: readonly ChatMessage[] | string): readonly ChatMessage[] {
  if (typeof messages === 'string') return [{ role: 'user', content: messages }];
  if (Array.isArray(messages) && messages.length > 0) return messages as readonly ChatMessage[];
  throw new TypeError(`${what} needs messages: a text or a list of {role, content}, got ${JSON.stringify(messages)}`);
}

/** A message's content as parts, without those that are empty. */
export function partsOf({ content }: ChatMessage): readonly ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content ?? [];
}

/** The text of a message. */
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

/** The media type and the base64 text of a data URL; undefined for any other address. */
export function readDataUrl(url: string): { readonly type: string; readonly data: string } | undefined {
  if (!url.startsWith('data:')) return undefined;
  const at = url.indexOf(';base64,');
  if (at < 0) throw new TypeError(`expected a data URL with base64, got ${url.slice(0, 40)}`);
  return { type: url.slice('data:'.length, at), data: url.slice(at + ';base64,'.length) };
}

/** A tool call's arguments as an object, where they are one. */
export function readArguments(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
