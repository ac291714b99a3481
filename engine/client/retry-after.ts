/**
 * Reads a `Retry-After` header, which has seconds or an HTTP date: how long to wait from now, in milliseconds. Undefined
 * where it says nothing that can be read. `now` is milliseconds since 1970.
 */
export function retryAfterOf(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  // Some servers give fractions, which the standard does not have.
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // A bare number in any other form would be taken for a year.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
