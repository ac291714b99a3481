import { inspect } from 'node:util';
import type { ExpectedStatuses } from '../../api/http-params.js';

/** Default of expected statuses: 200 to 399. */
export const EXPECTED: ExpectedStatuses = { expects: (status) => status >= 200 && status <= 399 };

/** Set of expected statuses: numbers, and inclusive ranges. Throws a TypeError for anything else. */
export function expectedStatuses(
  ...statuses: readonly (number | { readonly min: number; readonly max: number })[]
): ExpectedStatuses {
  if (statuses.length === 0) throw new TypeError('http.expectedStatuses: expected at least one status or range');
  const ranges = statuses.map((given) => {
    const range = typeof given === 'number' ? { min: given, max: given } : given;
    if (Number.isInteger(range?.min) && Number.isInteger(range.max) && range.min <= range.max) return range;
    throw new TypeError(`http.expectedStatuses: expected statuses or {min, max}, got ${inspect(given, { depth: 0 })}`);
  });
  return { expects: (status) => ranges.some(({ min, max }) => status >= min && status <= max) };
}
