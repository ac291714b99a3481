import type { CookieJar } from './cookie-jar.js';
import type { Duration } from './options.js';

/** A URL: `http` or `https`, or a path such as `'/health'` on the server under test. `http.url` makes one with a name. */
export type Url = string | NamedUrl;

/** What `http.url` makes: a URL and the name under which its requests are counted. */
export interface NamedUrl {
  readonly url: string;
  readonly name: string;
}

/** What `http.file` makes: a file to be sent in a form. */
export interface FormFile {
  readonly filename: string;
  readonly content_type: string;
}

/** A `FormData` or `URLSearchParams`. */
export interface WebForm {
  append(name: string, value: string): void;
  getAll(name: string): unknown[];
}

type FormValue = string | number | boolean | FormFile;

/**
 * A request's body. Texts and bytes are sent as they are; an object is sent as a form, URL-encoded, or as multipart when
 * there is a file (`http.file`) in it.
 */
export type RequestBody =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | WebForm
  | { readonly [field: string]: FormValue | readonly FormValue[] }
  | null;

/** In which form a response's body is given: `none` throws it away as it comes. */
export type ResponseType = 'text' | 'binary' | 'none';

/** Which statuses are expected; made by `http.expectedStatuses`. */
export interface ExpectedStatuses {
  readonly expects: (status: number) => boolean;
}

/** How a request is made, as k6's `Params`. */
export interface Params<Type extends ResponseType = ResponseType> {
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  /** Cookies of this request alone; with `replace` instead of the jar's cookies of the same name. */
  readonly cookies?: Readonly<Record<string, string | { readonly value: string; readonly replace?: boolean }>>;
  /** Instead of the user's own jar. */
  readonly jar?: CookieJar;
  /** So many redirects are followed; 0 gives the redirect itself. Default: the option `maxRedirects`. */
  readonly redirects?: number;
  /** Put on this request's samples for thresholds to select; `name` instead of the URL tells requests apart. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** For everything, redirects and body included. Default: `'60s'`. */
  readonly timeout?: Duration;
  /** Compresses the body and says so: `gzip`, `deflate`, `br`, `zstd` (Node 22.15), or several such as `'gzip, br'`. */
  readonly compression?: string;
  /** Default: `text`, or `none` with the option `discardResponseBodies`. */
  readonly responseType?: Type;
  /** `basic` sends user and password of the URL, which is what happens without it as well. */
  readonly auth?: 'basic';
  /** Which statuses do not count as failed; null counts none of it. Default: see `http.setResponseCallback`. */
  readonly responseCallback?: ExpectedStatuses | null;
  /** Throw when there is no response. Default: the option `throw`. */
  readonly throw?: boolean;
}

/** One request of a batch: a URL to get, the arguments of `http.request`, or the same by name. */
export type BatchRequest =
  | Url
  | readonly [method: string, url: Url, body?: RequestBody | undefined, params?: Params | undefined]
  | {
      readonly method?: string;
      readonly url: Url;
      readonly body?: RequestBody | undefined;
      readonly params?: Params | undefined;
    };

/** What a URL takes besides texts and numbers is a mistake. */
export type UrlPart = string | number | boolean;
