import type { Params } from '../../api/http-params.js';
import { CookieJar } from '../../client/http/cookie-jar.js';
import { parseDuration } from '../../clock.js';
import { plainObject } from '../../schema.js';
import { isExpectedStatuses } from '../http/request-params.js';

/** Way to log in that a k6 script asks for. */
type Login = 'basic' | 'digest' | 'ntlm';

/** Parameters as `http` takes them, and the login. */
export interface K6Params {
  readonly params: Params | undefined;
  readonly login: Login | undefined;
}

const NONE: K6Params = { params: undefined, login: undefined };

/** Readers of fields, by k6's rules. Undefined where the value counts for nothing. */
const FIELDS: Readonly<Record<string, (value: unknown) => unknown>> = {
  headers: (value) => present(value),
  tags: (value) => present(value),
  cookies: readCookies,
  jar: (value) => (value instanceof CookieJar ? value : undefined),
  redirects: (value) => Math.max(0, Math.trunc(Number(value)) || 0),
  timeout: readTimeout,
  compression: (value) => String(value).trim() || undefined,
  throw: Boolean,
  responseType: (value) => value,
  responseCallback(value) {
    if (isExpectedStatuses(value)) return value;
    throw new TypeError('responseCallback takes http.expectedStatuses(…) or null');
  },
};

/** Reads parameters of a request by k6's rules. Unknown and empty ones count for nothing. */
export function readK6Params(given: unknown): K6Params {
  const object = plainObject(given);
  if (!object) return NONE;
  const params: Record<string, unknown> = {};
  for (const name in object) {
    const value = object[name];
    if (name === 'responseCallback' && value === null) params[name] = null;
    const read = value === undefined || value === null ? undefined : FIELDS[name]?.(value);
    if (read !== undefined) params[name] = read;
  }
  const login = object.auth === undefined || object.auth === null ? undefined : (String(object.auth) as Login);
  return { params: params as Params, login };
}

/** Entries of an object that have a value. */
function present(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const object = plainObject(value);
  if (!object) return undefined;
  const isWhole = Object.values(object).every((each) => each !== undefined && each !== null);
  if (isWhole) return object;
  return Object.fromEntries(Object.entries(object).filter(([, each]) => each !== undefined && each !== null));
}

function readCookies(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(present(value) ?? {}).map(([name, cookie]) => {
      const object = plainObject(cookie);
      return [name, object ? { value: String(object.value ?? ''), replace: object.replace === true } : String(cookie)];
    }),
  );
}

/** Duration with its unit: numbers are milliseconds, as a text too. */
function readTimeout(value: unknown): string {
  const bare = typeof value === 'number' || /^[\d.]+$/.test(String(value)) ? Number(value) : undefined;
  const ms = bare ?? parseDuration(String(value));
  if (ms === undefined || !Number.isFinite(ms)) {
    throw new TypeError(`timeout: expected a duration such as "30s", got ${String(value)}`);
  }
  return `${Math.max(1, Math.round(ms))}ms`;
}
