import type { CookieOptions } from '../client/http/cookies.js';
import { outside } from './outside.js';

/** Cookie jar for requests, in place of the user's own. */
export class CookieJar {
  /** Stores a cookie for a URL. Throws where the URL may not set it. */
  set(_url: string, _name: string, _value: string, _options?: CookieOptions): boolean {
    return outside('http.CookieJar');
  }

  /** Values of all cookies for a URL, by name. */
  cookiesForURL(_url: string): Record<string, string[]> {
    return outside('http.CookieJar');
  }

  /** Removes all cookies for a URL. */
  clear(_url: string): void {
    outside('http.CookieJar');
  }

  /** Removes the cookies of this name for a URL. */
  delete(_url: string, _name: string): void {
    outside('http.CookieJar');
  }
}
