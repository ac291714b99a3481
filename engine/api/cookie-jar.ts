import type { CookieOptions } from '../client/http/cookies.js';
import { outside } from './outside.js';

/** Cookies that a request can be made with, instead of the user's own. */
export class CookieJar {
  /** Keeps a cookie for a URL. Throws when they cannot go together. */
  set(_url: string, _name: string, _value: string, _options?: CookieOptions): boolean {
    return outside('http.CookieJar');
  }

  /** The values of all cookies that a request to this URL would carry, by name. */
  cookiesForURL(_url: string): Record<string, string[]> {
    return outside('http.CookieJar');
  }

  /** Forgets all cookies that a request to this URL would carry. */
  clear(_url: string): void {
    outside('http.CookieJar');
  }

  /** Forgets those of them that have this name. */
  delete(_url: string, _name: string): void {
    outside('http.CookieJar');
  }
}
