import { objectsIn, textIn, Unreadable } from './fields.js';

/** Answer text and reasoning of a field. */
export interface Said {
  readonly text: string;
  readonly reasoning: string;
}

/** Part of content or reasoning sent as a list. Servers name its text by its type. */
interface Part {
  readonly type?: string;
  readonly text?: unknown;
  readonly refusal?: unknown;
  readonly thinking?: unknown;
  readonly reasoning?: unknown;
  readonly summary?: unknown;
  readonly content?: unknown;
}

/** Reads content: a text or a list of parts. Throws Unreadable for anything else. */
export function contentIn(value: unknown, field: string): Said {
  if (!Array.isArray(value)) return { text: textIn(value, field), reasoning: '' };
  let text = '';
  let reasoning = '';
  for (const part of partsIn(value, field)) {
    if (isReasoning(part))
      reasoning += reasoningIn(part.thinking ?? part.reasoning ?? part.text ?? part.summary, field);
    else text += textIn(part.text ?? part.refusal, `${field}[].text`);
  }
  return { text, reasoning };
}

/** Reads reasoning: a text, an object or a list of them. Throws Unreadable for anything else. */
export function reasoningIn(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') throw new Unreadable(field, value, 'text');
  let said = '';
  for (const part of partsIn(Array.isArray(value) ? value : [value], field)) {
    const { text, thinking, summary, content, reasoning } = part;
    said += reasoningIn(text ?? thinking ?? summary ?? content ?? reasoning, field);
  }
  return said;
}

/** Parts of a list. A bare text is a part of its own. */
function partsIn(list: readonly unknown[], field: string): readonly Part[] {
  return objectsIn(
    list.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : (part as Part))),
    field,
  );
}

function isReasoning({ type = '', thinking, reasoning }: Part): boolean {
  return thinking !== undefined || reasoning !== undefined || type.includes('thinking') || type.includes('reasoning');
}
