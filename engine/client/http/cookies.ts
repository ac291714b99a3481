/** Attributes of a cookie, named as in k6. */
export interface CookieOptions {
  readonly domain?: string;
  readonly path?: string;
  /** Date as text, or milliseconds since 1970. */
  readonly expires?: string | number;
  /** Seconds. */
  readonly max_age?: number;
  readonly secure?: boolean;
  readonly http_only?: boolean;
}

/** Cookie from a response, named as in k6. Missing attributes are empty, 0 or false. */
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

/** Cookies of a single request. */
export interface RequestCookies {
  /** Text of the script's own `Cookie` header. */
  readonly text: string;
  /** Cookies by name; `replace` hides the jar's cookies of the same name. */
  readonly named: ReadonlyMap<string, { readonly value: string; readonly replace: boolean }>;
}
