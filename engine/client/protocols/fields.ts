import type { Exchange } from '../exchange.js';
import { jsonText } from './protocol.js';

/** Error for a field of an answer with an unexpected value. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(field: string, value: unknown, expected: string) {
    super(`${field} is ${shown(value)}, expected ${expected}`);
  }
}

/** Text of a field, empty where it is absent or null. Throws Unreadable for anything else. */
export function textIn(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  throw new Unreadable(field, value, 'text');
}

/** Object of a field, undefined where it is none. What else it is explains an answer without output. */
export function objectIn<Value extends object>(
  value: Value | null | undefined,
  field: string,
  exchange: Exchange,
): Value | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  exchange.unread ??= new Unreadable(field, value, 'an object').message;
  return undefined;
}

/** Objects of a list, none where it is no list. What else it is explains an answer without output. */
export function itemsIn<Item extends object>(
  value: readonly Item[] | null | undefined,
  field: string,
  exchange: Exchange,
): readonly Item[] {
  if (value === undefined || value === null) return NONE;
  if (Array.isArray(value)) return value;
  exchange.unread ??= new Unreadable(field, value, 'a list').message;
  return NONE;
}

/** Items of a list, none where it is absent or null. Throws Unreadable unless it is a list of objects. */
export function objectsIn<Item extends object>(
  value: readonly Item[] | null | undefined,
  field: string,
): readonly Item[] {
  if (value === undefined || value === null) return NONE;
  if (!Array.isArray(value)) throw new Unreadable(field, value, 'a list');
  for (const [index, item] of value.entries()) {
    if (typeof item !== 'object' || item === null) throw new Unreadable(`${field}[${index}]`, item, 'an object');
  }
  return value;
}

const NONE: readonly never[] = [];

const LONGEST_SHOWN = 40;

/** Value with its kind, in one short line. */
function shown(value: unknown): string {
  const kind = value === null ? '' : Array.isArray(value) ? 'a list, ' : typeof value === 'object' ? 'an object, ' : '';
  const text = jsonText(value) || typeof value;
  return kind + (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}
