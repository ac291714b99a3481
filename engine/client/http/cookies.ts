/** What a cookie may say besides name and value, in k6's words. */
export interface CookieOptions {
  readonly domain?: string;
  readonly path?: string;
  /** A date as text, or milliseconds since 1970. */
  readonly expires?: string | number;
  /** Seconds. */
  readonly max_age?: number;
  readonly secure?: boolean;
  readonly http_only?: boolean;
}

/** A cookie as a response has set it, in k6's words; what it does not say is empty, 0 or false. */
export interface ResponseCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly http_only: boolean;
  readonly secure: boolean;
  /** Seconds. */
  readonly max_age: number;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Cookies of one request alone. */
export interface RequestCookies {
  /** As the script wrote them into a header of its own. */
  readonly text: string;
  /** By name; `replace` keeps the jar's cookies of the same name back. */
  readonly named: ReadonlyMap<string, { readonly value: string; readonly replace: boolean }>;
}
