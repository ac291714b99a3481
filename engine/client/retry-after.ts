/**
 * Parses `Retry-After` into milliseconds from now. The header has seconds or an HTTP date; undefined where it is
 * invalid. `now` is milliseconds since 1970.
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
