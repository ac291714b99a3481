import type { CookieOptions } from '../client/http/cookies.js';
import { outside } from './outside.js';

/** Cookie jar for requests, in place of the user's own. */
export class CookieJar {
  /** Stores a cookie for a URL. Throws where the URL may not set it. */
  set(url: string, name: string, value: string, options?: CookieOptions): boolean {
    return outside('http.CookieJar', url, name, value, options);
  }

  /** Values of all cookies for a URL, by name. */
  cookiesForURL(url: string): Record<string, string[]> {
    return outside('http.CookieJar', url);
  }

  /** Removes all cookies for a URL. */
  clear(url: string): void {
    outside('http.CookieJar', url);
  }

  /** Removes the cookies of this name for a URL. */
  delete(url: string, name: string): void {
    outside('http.CookieJar', url, name);
  }
}
