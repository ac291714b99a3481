import { configError, type UserError } from '../engine/errors.js';

/** Reads a flag's integer, both ends included. Throws the UserError that says what was expected, as all functions here do. */
export function integer(flag: string, least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw expected(flag, most < 1e6 ? `an integer from ${least} to ${most}` : `an integer of at least ${least}`, text);
  };
}

/** Reads a flag's milliseconds. */
export function milliseconds(flag: string): (text: string) => number {
  return (text) => {
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    throw expected(flag, 'milliseconds such as 50 or 0.5', text);
  };
}

/** Reads a flag's share of a whole. */
export function share(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d*\.?\d+$/.test(text) && value >= 0 && value <= 1) return value;
    throw expected(flag, 'a share from 0 to 1 such as 0.9', text);
  };
}

/** Reads one of several words. */
export function choice<T extends string>(flag: string, among: Readonly<Record<T, unknown>>): (text: string) => T {
  return (text) => {
    if (Object.hasOwn(among, text)) return text as T;
    throw expected(flag, `one of ${Object.keys(among).join(', ')}`, text);
  };
}

/** The error of a flag that says something else than it may. */
export function expected(flag: string, what: string, got: string): UserError {
  return configError(flag, `expected ${what}, got ${JSON.stringify(got)}`);
}
