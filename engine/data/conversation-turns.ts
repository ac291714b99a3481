import { didYouMean } from '../errors.js';
import { contentText, type Message } from './message-text.js';

/** Turn of a recorded conversation. */
export interface Turn {
  readonly speaker: Speaker;
  /** Empty where nothing was said. */
  readonly text: string;
  /** Content as a list of parts, images among them. */
  readonly parts?: Message['content'];
}

type Speaker = 'system' | 'user' | 'assistant' | 'tool';

/** Roles by their names in published conversations. */
const SPEAKERS: Readonly<Record<string, Speaker>> = {
  human: 'user',
  user: 'user',
  prompter: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  bard: 'assistant',
  bing: 'assistant',
  function_call: 'assistant',
  tool_call: 'assistant',
  system: 'system',
  developer: 'system',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
  function_response: 'tool',
  tool_response: 'tool',
};

/** Parses a turn with `from` and `value`, or `role` and `content`. Returns an error message, after its place, for others. */
export function turnOf(turn: unknown): Turn | string {
  if (typeof turn !== 'object' || turn === null || Array.isArray(turn)) {
    return `": expected {from, value} or {role, content}, got ${shown(turn)}`;
  }
  const { from, role, value, content, text } = turn as Fields;
  const name = from ?? role;
  const speaker = typeof name === 'string' ? SPEAKERS[name.trim().toLowerCase()] : undefined;
  if (!speaker) {
    const field = from === undefined && role !== undefined ? 'role' : 'from';
    const near = typeof name === 'string' ? didYouMean(name, Object.keys(SPEAKERS)) : '';
    return `.${field}": expected human, gpt, system or tool, got ${shown(name)}${near}`;
  }
  const said = value ?? content ?? text;
  if (typeof said === 'string') return { speaker, text: said };
  if (Array.isArray(said)) {
    const parts = said as Exclude<Message['content'], string | null | undefined>;
    const text = contentText(parts);
    return parts.every(({ type }) => type === 'text') ? { speaker, text } : { speaker, text, parts };
  }
  if (said === undefined || said === null) return { speaker, text: '' };
  const field = value !== undefined ? 'value' : content !== undefined ? 'content' : 'text';
  return `.${field}": expected a text, got ${shown(said)}`;
}

type Fields = Readonly<Record<string, unknown>>;

/** Turns of `conversations`, or their error messages; undefined without such a list. */
export function conversationIn({ conversations, conversation }: Fields): readonly (Turn | string)[] | undefined {
  const turns = conversations ?? conversation;
  return Array.isArray(turns) ? turns.map(turnOf) : undefined;
}

export function isHuman(turn: Turn | string): turn is Turn {
  return typeof turn === 'object' && turn.speaker === 'user' && turn.text.trim() !== '';
}

/** Value in an error message, cut to length. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
