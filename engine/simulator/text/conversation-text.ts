import { ApiError } from '../http/api-error.js';
import { type Fields, invalid, isRecord } from '../http/request-fields.js';

/** Text of a conversation in any protocol's format. Images and other content are ignored. */
export function conversationText(messages: unknown, path = 'messages'): string {
  if (!Array.isArray(messages)) throw invalid(path, 'must be an array', messages);
  if (messages.length === 0) throw new ApiError(400, `\`${path}\` must not be empty.`, { param: path });
  return messages.map((message: unknown, i) => messageText(message, `${path}[${i}]`)).join('\n');
}

function messageText(message: unknown, path: string): string {
  if (!isRecord(message)) throw invalid(path, 'must be an object', message);
  if (typeof message.role !== 'string') throw invalid(`${path}.role`, 'must be a string', message.role);
  return contentText(message.content, `${path}.content`);
}

/** Text of a message's content. */
export function contentText(content: unknown, path: string): string {
  // A message that only calls tools has no content.
  const given = content ?? '';
  if (typeof given === 'string') return given;
  if (!Array.isArray(given)) throw invalid(path, 'must be a string or an array of parts', given);
  return given.map((part: unknown, i) => partText(part, `${path}[${i}]`)).join('\n');
}

const TEXTS = ['text', 'input_text', 'output_text'];

function partText(part: unknown, path: string): string {
  if (!isRecord(part)) throw invalid(path, 'must be an object', part);
  if (!TEXTS.includes(String(part.type))) return '';
  if (typeof part.text !== 'string') throw invalid(`${path}.text`, 'must be a string', part.text);
  return part.text;
}

/** Prompt given as text or token ids, alone or in a list. */
export interface PlainPrompt {
  readonly text: string;
  /** Exact for token ids. */
  readonly tokens: number | undefined;
}

/** Prompts of a field. A text, a list of texts, token ids, or a list of those. */
export function plainPrompts(fields: Fields, name: string): readonly PlainPrompt[] {
  const given = fields[name];
  if (typeof given === 'string') return [{ text: given, tokens: undefined }];
  if (!Array.isArray(given)) throw invalid(name, 'must be a string or an array', given);
  if (given.length === 0) throw new ApiError(400, `\`${name}\` must not be empty.`, { param: name });
  if (given.every(Number.isInteger)) return [tokensPrompt(given)];
  return given.map((each: unknown, i) => {
    if (typeof each === 'string') return { text: each, tokens: undefined };
    if (Array.isArray(each) && each.every(Number.isInteger)) return tokensPrompt(each);
    throw invalid(`${name}[${i}]`, 'must be a string or an array of token ids', each);
  });
}

function tokensPrompt(ids: readonly number[]): PlainPrompt {
  return { text: ids.join(' '), tokens: ids.length };
}
