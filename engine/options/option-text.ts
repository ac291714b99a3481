import type { TextKind } from './option.js';

/** Parsed text of an option: its value or its problem. */
export type ReadText = { readonly value: unknown } | { readonly problem: string };

/**
 * Reads an option from its texts. They are those of a repeated flag, or the one of an environment variable. Only the
 * form is checked; the value is validated later by its schema.
 */
export function readText(kind: TextKind, texts: readonly string[]): ReadText {
  const last = texts.at(-1) ?? '';
  switch (kind) {
    case 'text':
    case 'time':
      return { value: last };
    case 'urls':
      return asUrls(texts);
    case 'number':
      return { value: asNumber(last) };
    case 'switch':
      return asSwitch(last);
    case 'list':
      return { value: texts };
    case 'pairs':
      return all(texts, asPair, Object.fromEntries);
    case 'stages':
      return all(texts, asStage, (stages) => stages);
  }
}

/** Splits an environment variable into texts, like a repeated flag. `30s:20,1m:50` are two stages. */
export function splitText(kind: TextKind, text: string): readonly string[] {
  if (kind !== 'pairs' && kind !== 'stages' && kind !== 'list') return [text];
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** One URL or several; a comma separates them where the next begins. */
function asUrls(texts: readonly string[]): ReadText {
  const urls = texts.flatMap((text) => text.split(/,(?=\s*(?:https?|unix):)/i)).map((url) => url.trim());
  return { value: urls.length === 1 ? urls[0] : urls };
}

/** Parses a number. Other text is returned unchanged: its schema then reports the expected form. */
function asNumber(text: string): unknown {
  return /^\s*[+-]?[\d.]+(e\d+)?\s*$/i.test(text) ? Number(text) : text;
}

function asSwitch(text: string): ReadText {
  if (/^(true|1)$/i.test(text)) return { value: true };
  if (/^(false|0)$/i.test(text)) return { value: false };
  return { problem: `expected true or false, got ${JSON.stringify(text)}` };
}

function all<Item>(
  texts: readonly string[],
  read: (text: string) => Item | string,
  gather: (items: Item[]) => unknown,
): ReadText {
  const items: Item[] = [];
  for (const text of texts) {
    const item = read(text);
    if (typeof item === 'string') return { problem: `expected ${item}, got ${JSON.stringify(text)}` };
    items.push(item);
  }
  return { value: gather(items) };
}

function asPair(text: string): readonly [string, string] | string {
  const at = text.indexOf('=');
  return at < 1 ? 'NAME=value' : [text.slice(0, at), text.slice(at + 1)];
}

/** `30s:20` → `{ duration: '30s', target: 20 }`, as k6 writes it. */
function asStage(text: string): { readonly duration: string; readonly target: unknown } | string {
  const [duration, target, ...rest] = text.split(':');
  const isTurned = /^\d+$/.test(duration ?? '') && /[a-z]$/i.test(target ?? '');
  if (!duration || !target || rest.length > 0 || isTurned) return 'time:users such as 30s:20';
  return { duration, target: asNumber(target) };
}
