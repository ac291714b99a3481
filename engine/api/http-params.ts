import type { CookieJar } from './cookie-jar.js';
import type { Duration } from './scenarios.js';

/**
 * URL (http or https), or a path on the server under test. A path begins with a slash, such as `'/health'`. `http.url`
 * creates a URL with a name.
 */
export type Url = string | NamedUrl;

/** URL with the name of its requests, from `http.url`. */
export interface NamedUrl {
  /** Address itself. */
  readonly url: string;
  /** Name of its requests in reports and thresholds. */
  readonly name: string;
}

/** File of a form, from `http.file`. */
export interface FormFile {
  /** File name told to the server. */
  readonly filename: string;
  /** MIME type, such as `image/png`. */
  readonly content_type: string;
}

/** A `FormData` or `URLSearchParams`. */
export interface WebForm {
  /** Adds a field. */
  append(name: string, value: string): void;
  /** Returns all values of a field. */
  getAll(name: string): unknown[];
}

type FormValue = string | number | boolean | FormFile;

/**
 * Body of a request. Strings and bytes are sent as they are; an object is sent as a form, URL-encoded, or as multipart
 * where it has a file (`http.file`).
 */
export type RequestBody =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | WebForm
  | { readonly [field: string]: FormValue | readonly FormValue[] }
  | null;

/** Type of a response's body; `none` discards it. */
export type ResponseType = 'text' | 'binary' | 'none';

/** Set of expected statuses, from `http.expectedStatuses`. */
export interface ExpectedStatuses {
  /** True for a status that is expected. */
  readonly expects: (status: number) => boolean;
}

/** Options of a request, like k6's `Params`. */
export interface Params<Type extends ResponseType = ResponseType> {
  /** Headers of this request, by name. */
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  /** Cookies of this request only. With `replace` they hide the jar's cookies of the same name. */
  readonly cookies?: Readonly<Record<string, string | { readonly value: string; readonly replace?: boolean }>>;
  /** Replaces the user's own jar. */
  readonly jar?: CookieJar;
  /** Most redirects followed; 0 returns the redirect itself. Default: the option `maxRedirects`. */
  readonly redirects?: number;
  /** Tags of this request's samples, for thresholds. `name` replaces the URL as the name of the request. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** Timeout with redirects and body. Default: `'60s'`. */
  readonly timeout?: Duration;
  /**
   * Compresses the body and sets `Content-Encoding`. One of `gzip`, `deflate`, `br`, `zstd` (Node 22.15), or several
   * such as `'gzip, br'`.
   */
  readonly compression?: string;
  /** Default: `text`, or `none` with the option `discardResponseBodies`. */
  readonly responseType?: Type;
  /** `basic` sends the URL's user and password, as is the default. */
  readonly auth?: 'basic';
  /** Statuses that do not count as failed; null disables the check. Default: see `http.setResponseCallback`. */
  readonly responseCallback?: ExpectedStatuses | null;
  /** Throws where there is no response. Default: the option `throw`. */
  readonly throw?: boolean;
}

/** Request of a batch: URL, or arguments of `http.request`, or an object. */
export type BatchRequest =
  | Url
  | readonly [method: string, url: Url, body?: RequestBody | undefined, params?: Params | undefined]
  | {
      readonly method?: string;
      readonly url: Url;
      readonly body?: RequestBody | undefined;
      readonly params?: Params | undefined;
    };

/** Value in a URL template; other types are rejected. */
export type UrlPart = string | number | boolean;
