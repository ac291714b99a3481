/** Throws an error about the current line. */
export type Refuse = (message: string) => never;

/** Parses a time, in the unit of the trace. */
export type Clock = (name: string, value: unknown, refuse: Refuse) => number;

/** Chooses the parser of a trace's times by the first. Dates become milliseconds; the unit of numbers is unknown. */
export function clockOf(first: unknown): { readonly clock: Clock; readonly unit: number | undefined } {
  const isDate = typeof first === 'string' && DATE_TIME.test(first);
  return isDate ? { clock: dateTime, unit: 1 } : { clock: number, unit: undefined };
}

function number(name: string, value: unknown, refuse: Refuse): number {
  const count = numberOf(value);
  if (typeof count === 'number' && Number.isFinite(count)) return count;
  return refuse(`${name}: expected a number of milliseconds or seconds, got ${show(value)}`);
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** Parses a time such as `2023-11-16 18:17:03.9799600` to milliseconds. It may have more digits than a Date. */
export function dateTime(name: string, value: unknown, refuse: Refuse): number {
  const [, date, time, fraction = '0', zone = 'Z'] = DATE_TIME.exec(String(value)) ?? [];
  const ms = Date.parse(`${date}T${time}${zone}`) + 1000 * Number(fraction);
  if (Number.isFinite(ms)) return ms;
  return refuse(`${name}: expected a time such as 2023-11-16 18:17:03.9799600, got ${show(value)}`);
}

/** Parses a whole number of tokens. */
export function tokens(name: string, value: unknown, refuse: Refuse): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  return refuse(`${name}: expected a whole number of tokens, got ${show(value)}`);
}

/** Number in a cell; other values are returned unchanged. */
export function numberOf(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value;
  const found = Number(value);
  return Number.isNaN(found) ? value : found;
}

/** Value in an error message, cut to length. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
