import type * as tough from 'tough-cookie';
import { lazily } from '../../lazy-require.js';
import type { CookieOptions, RequestCookies, ResponseCookie } from './cookies.js';

const toughCookie = lazily<typeof tough>('tough-cookie');

/** A user's cookies. It costs nothing until there is one. */
export class CookieJar {
  #jar: tough.CookieJar | undefined;

  /** Keeps a cookie for a URL. Throws when they cannot go together. */
  set(url: string, name: string, value: string, options: CookieOptions = {}): boolean {
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

  /** The values of all cookies that a request to this URL would carry, by name. */
  cookiesForURL(url: string): Record<string, string[]> {
    const values: Record<string, string[]> = {};
    for (const { key, value } of this.#find(url)) values[key] = [...(values[key] ?? []), value];
    return values;
  }

  /** Forgets all cookies that a request to this URL would carry. */
  clear(url: string): void {
    for (const cookie of this.#find(url)) this.#forget(cookie);
  }

  /** Forgets those of them that have this name. */
  delete(url: string, name: string): void {
    for (const cookie of this.#find(url)) if (cookie.key === name) this.#forget(cookie);
  }

  /** Keeps what a response's `Set-Cookie` says, if it may say so. */
  take(header: string, url: string): void {
    this.#open().setCookieSync(header, url, { ignoreError: true });
  }

  /** The `Cookie` header of a request to this URL with cookies of its own; empty without any. */
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

  /** Forgets everything. */
  reset(): void {
    this.#jar = undefined;
  }

  #open(): tough.CookieJar {
    // A load test's servers have names such as "localhost" or "api.internal", and it is for nobody to judge them.
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

/** The cookies that `Set-Cookie` headers set, by name. */
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
