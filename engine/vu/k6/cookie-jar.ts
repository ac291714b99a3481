import { CookieJar } from '../../client/http/cookie-jar.js';
import type { CookieOptions } from '../../client/http/cookies.js';
import { plainObject } from '../../schema.js';

const FIELDS = ['domain', 'path', 'expires', 'max_age', 'secure', 'http_only'];

/** Cookies by k6's rules. A cookie that the URL may not set counts for nothing. */
export class K6CookieJar extends CookieJar {
  override set(url: string, name: string, value: string, options?: CookieOptions | null): boolean {
    const known = Object.entries(plainObject(options) ?? {}).filter(([field, given]) => {
      return FIELDS.includes(field) && given !== undefined && given !== null;
    });
    try {
      return super.set(url, name, value, Object.fromEntries(known));
    } catch {
      return true;
    }
  }
}
