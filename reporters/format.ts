/** Formatting of numbers for people. Input times are in milliseconds, sizes in bytes, shares from 0 to 1. */

/** Placeholder for a missing number. */
export const NO_NUMBER = '–';

/** Trailing zeros of decimals: trimmed (in prose) or kept (in columns). */
export type Decimals = 'trimmed' | 'kept';

/** Duration: `850µs`, `62.14ms`, `1.23s`, `1m30s`. Truncated, not rounded, to two decimals, as in k6. */
export function duration(ms: number, decimals: Decimals = 'trimmed'): string {
  if (!Number.isFinite(ms)) return NO_NUMBER;
  if (ms < 0) return `-${duration(-ms, decimals)}`;
  if (ms === 0) return '0s';
  if (ms < 1) return `${cut(ms * 1000, decimals)}µs`;
  if (ms < 1000) return `${cut(ms, decimals)}ms`;
  if (ms < 60_000) return `${cut(ms / 1000, decimals)}s`;
  const { hours, minutes, seconds } = clockParts(ms);
  return hours > 0 ? `${hours}h${minutes}m${seconds}s` : `${minutes}m${seconds}s`;
}

/** Short duration, for a rewritten line: `850µs`, `5.2ms`, `51ms`, `1.23s`. */
export function shortDuration(ms: number): string {
  if (ms >= 10 && ms < 1000) return `${Math.trunc(ms)}ms`;
  if (ms >= 1 && ms < 10) return `${Math.trunc(ms * 10) / 10}ms`;
  if (ms > 0 && ms < 1) return `${Math.trunc(ms * 1000)}µs`;
  return duration(ms);
}

/** Duration as on a clock: `00:12`, `1:02:03`. */
export function clockTime(ms: number): string {
  const { hours, minutes, seconds } = clockParts(ms);
  const text = `${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${text}` : text;
}

const PLAIN = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const SMALL = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 });

/** Number with up to two decimals and separated thousands: `41,231.5`. Very small ones keep three digits: `0.00123`. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return NO_NUMBER;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-6 || size >= 1e15) return value.toExponential(2);
  return (size < 0.1 ? SMALL : PLAIN).format(value);
}

/** Number in at most eight columns: `1,204.33`, `120,431`, `12.35M`. */
export function compactCount(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 && size < 1e15) return COMPACT.format(value);
  if (size >= 1e4 && size < 1e6) return WHOLE.format(value);
  return count(value);
}

/** Count with its noun: `1 request`, `2 requests`. */
export function amount(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Share of 0 to 1: `99.12%`. Truncated, so that only a whole is 100.00%. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${cut(share * 100, 'kept')}%` : NO_NUMBER;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Size in decimal units: `718 B`, `4.9 kB`, `519 kB`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return NO_NUMBER;
  if (value < 0) return `-${bytes(-value)}`;
  let unit = 0;
  let rest = Math.round(value);
  // 999.6 of a unit would be shown as 1000: it is one of the next.
  while (rest >= 999.5 && unit < BYTE_UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const tenths = Math.round(rest * 10) / 10;
  return `${unit > 0 && tenths < 10 ? tenths.toFixed(1) : Math.round(rest)} ${BYTE_UNITS[unit]}`;
}

function clockParts(ms: number): { readonly hours: number; readonly minutes: number; readonly seconds: number } {
  const total = Math.trunc(Math.max(0, ms) / 1000);
  return { hours: Math.trunc(total / 3600), minutes: Math.trunc((total % 3600) / 60), seconds: total % 60 };
}

function cut(value: number, decimals: Decimals): string {
  // A product may fall just short of its exact value: 0.29 × 100 is 28.999999999999996.
  const hundredths = Math.trunc(Number((value * 100).toPrecision(12)));
  const text = (hundredths / 100).toFixed(2);
  return decimals === 'kept' ? text : text.replace(/\.?0+$/, '');
}
