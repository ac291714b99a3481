import type * as tough from 'tough-cookie';
import { lazily } from '../../lazy-require.js';
import { checkFields } from '../../schema.js';
import type { CookieOptions, RequestCookies, ResponseCookie } from './cookies.js';

const toughCookie = lazily<typeof tough>('tough-cookie');

const COOKIE_FIELDS = ['domain', 'path', 'expires', 'max_age', 'secure', 'http_only'];

/** Cookies of one user; costs nothing while empty. */
export class CookieJar {
  #jar: tough.CookieJar | undefined;

  /** Stores a cookie for a URL. Throws where the URL may not set it. */
  set(url: string, name: string, value: string, options: CookieOptions = {}): boolean {
    checkFields('CookieJar.set', options, COOKIE_FIELDS);
    const { domain, path, expires, max_age: maxAge, secure = false, http_only: httpOnly = false } = options;
    const cookie = new (toughCookie().Cookie)({
      key: name,
      value: String(value),
      secure,
      httpOnly,
      ...(domain !== undefined && { domain }),
      ...(path !== undefined && { path }),
      ...(expires !== undefined && { expires: new Date(expires) }),
      ...(maxAge !== undefined && { maxAge }),
    });
    this.#open().setCookieSync(cookie, url);
    return true;
  }

  /** Values of all cookies for a URL, by name. */
  cookiesForURL(url: string): Record<string, string[]> {
    const values: Record<string, string[]> = {};
    for (const { key, value } of this.#find(url)) values[key] = [...(values[key] ?? []), value];
    return values;
  }

  /** Removes all cookies for a URL. */
  clear(url: string): void {
    for (const cookie of this.#find(url)) this.#forget(cookie);
  }

  /** Removes the cookies of this name for a URL. */
  delete(url: string, name: string): void {
    for (const cookie of this.#find(url)) if (cookie.key === name) this.#forget(cookie);
  }

  /** Stores the cookie of a `Set-Cookie` header; ignores an invalid one. */
  take(header: string, url: string): void {
    this.#open().setCookieSync(header, url, { ignoreError: true });
  }

  /** `Cookie` header from the jar and the request's own cookies. Empty without any. */
  header(url: string, own: RequestCookies | undefined): string {
    if (!this.#jar && !own) return '';
    const kept = this.#find(url).filter(({ key }) => !own?.named.get(key)?.replace);
    const parts = kept.map((cookie) => cookie.cookieString());
    if (own) {
      if (own.text !== '') parts.unshift(own.text);
      for (const [name, { value }] of own.named) parts.push(`${name}=${value}`);
    }
    return parts.join('; ');
  }

  /** Removes all cookies. */
  reset(): void {
    this.#jar = undefined;
  }

  #open(): tough.CookieJar {
    // Load tests address hosts such as "localhost" or "api.internal", which public suffix rules would reject.
    this.#jar ??= new (toughCookie().CookieJar)(undefined, { looseMode: true, rejectPublicSuffixes: false });
    return this.#jar;
  }

  #find(url: string): tough.Cookie[] {
    return this.#jar?.getCookiesSync(url) ?? [];
  }

  #forget({ domain, path, key }: tough.Cookie): void {
    void this.#jar?.store.removeCookie(domain, path, key);
  }
}

/** Parses `Set-Cookie` headers into cookies by name. */
export function readCookies(headers: readonly string[]): Record<string, ResponseCookie[]> {
  const cookies: Record<string, ResponseCookie[]> = {};
  for (const header of headers) {
    const cookie = toughCookie().Cookie.parse(header, { loose: true });
    if (!cookie) continue;
    const { key, value, domain, path, httpOnly, secure, maxAge, expires } = cookie;
    const read: ResponseCookie = {
      name: key,
      value,
      domain: domain ?? '',
      path: path ?? '',
      http_only: httpOnly,
      secure,
      max_age: typeof maxAge === 'number' ? maxAge : 0,
      expires: expires instanceof Date ? expires.getTime() : 0,
    };
    cookies[key] = [...(cookies[key] ?? []), read];
  }
  return cookies;
}
