import { inspect } from 'node:util';
import type { ExpectedStatuses, Params, ResponseType } from '../../api/http-params.js';
import { CookieJar } from '../../client/http/cookie-jar.js';
import type { RequestCookies } from '../../client/http/cookies.js';
import { parseDuration } from '../../clock.js';
import type { Tags } from '../../metrics/series.js';
import { checkFields } from '../../schema.js';
import { textTags } from '../tags.js';

/** Parsed `Params` of a request; undefined where missing. */
export interface ReadParams {
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly cookies: RequestCookies | undefined;
  readonly jar: CookieJar | undefined;
  readonly redirects: number | undefined;
  readonly tags: Tags;
  readonly name: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly compression: string | undefined;
  readonly responseType: ResponseType | undefined;
  readonly responseCallback: ExpectedStatuses | null | undefined;
  readonly throw: boolean | undefined;
}

/** Default timeout of a request, in milliseconds. */
const TIMEOUT = 60_000;

const DEFAULTS: ReadParams = {
  headers: [],
  cookies: undefined,
  jar: undefined,
  redirects: undefined,
  tags: {},
  name: undefined,
  timeout: TIMEOUT,
  compression: undefined,
  responseType: undefined,
  responseCallback: undefined,
  throw: undefined,
};

type Read = { -readonly [Field in keyof ReadParams]: ReadParams[Field] };

/** Parsers of the fields. Each returns the expected type where the value is invalid. */
const FIELDS: { readonly [Field in keyof Required<Params>]: (value: unknown, read: Read) => string | undefined } = {
  headers(value, read) {
    if (!isObject(value)) return 'an object of texts';
    const headers: string[] = [];
    for (const [name, text] of Object.entries(value)) {
      // A `Cookie` header is merged with the cookies of the jar.
      if (name.toLowerCase() === 'cookie')
        read.cookies = { named: read.cookies?.named ?? new Map(), text: String(text) };
      else headers.push(name, String(text));
    }
    read.headers = headers;
    return undefined;
  },
  cookies(value, read) {
    if (!isObject(value)) return 'an object of texts or {value, replace}';
    const named = Object.entries(value).map(([name, cookie]) => {
      if (isObject(cookie)) checkFields(`the cookie ${name}`, cookie, ['value', 'replace']);
      const { value: text, replace } = isObject(cookie) ? cookie : { value: cookie, replace: false };
      return [name, { value: String(text), replace: replace === true }] as const;
    });
    read.cookies = { text: read.cookies?.text ?? '', named: new Map(named) };
    return undefined;
  },
  jar(value, read) {
    if (!(value instanceof CookieJar)) return 'a CookieJar';
    read.jar = value;
    return undefined;
  },
  redirects(value, read) {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return 'a whole number from 0 up';
    read.redirects = value;
    return undefined;
  },
  tags(value, read) {
    if (!isObject(value)) return 'an object of texts';
    const { name, ...tags } = textTags(value as Parameters<typeof textTags>[0]);
    read.tags = tags;
    read.name = name;
    return undefined;
  },
  timeout(value, read) {
    const ms = typeof value === 'number' || typeof value === 'string' ? parseDuration(value) : undefined;
    if (!ms) return 'a duration such as "30s" or "500ms"';
    read.timeout = ms;
    return undefined;
  },
  compression(value, read) {
    if (typeof value !== 'string') return 'a text such as "gzip"';
    read.compression = value;
    return undefined;
  },
  responseType(value, read) {
    if (value !== 'text' && value !== 'binary' && value !== 'none') return '"text", "binary" or "none"';
    read.responseType = value;
    return undefined;
  },
  auth: (value) => (value === 'basic' ? undefined : '"basic": digest and NTLM are not offered'),
  responseCallback(value, read) {
    if (value !== null && !isExpectedStatuses(value)) return 'http.expectedStatuses(…) or null';
    read.responseCallback = value;
    return undefined;
  },
  throw(value, read) {
    if (typeof value !== 'boolean') return 'true or false';
    read.throw = value;
    return undefined;
  },
};

/** Parses `Params`. Throws one TypeError with all problems; `what` is the called function. */
export function readParams(params: Params | null | undefined, what: string): ReadParams {
  if (params === undefined || params === null) return DEFAULTS;
  checkFields(what, params, Object.keys(FIELDS));
  const read: Read = { ...DEFAULTS };
  const problems: string[] = [];
  for (const [field, value] of Object.entries(params)) {
    const expected = value === undefined ? undefined : FIELDS[field as keyof Params](value, read);
    if (expected !== undefined) problems.push(`${field}: expected ${expected}, got ${show(value)}`);
  }
  if (problems.length > 0) throw new TypeError(`${what}: ${problems.join('; ')}`);
  return read;
}

/** True for a value made by `http.expectedStatuses`. */
export function isExpectedStatuses(value: unknown): value is ExpectedStatuses {
  return isObject(value) && typeof value.expects === 'function';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
}
