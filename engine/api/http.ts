/** HTTP requests as k6's module `k6/http` has them, only awaited. A request that fails does not throw: see `error`. */
import type { CookieJar } from './cookie-jar.js';
import type {
  BatchRequest,
  ExpectedStatuses,
  FormFile,
  NamedUrl,
  Params,
  RequestBody,
  ResponseType,
  Url,
  UrlPart,
} from './http-params.js';
import type { Response } from './http-response.js';
import { outside } from './outside.js';

export type { CookieOptions, ResponseCookie } from '../client/http/cookies.js';
export type { HttpTimings as Timings } from '../client/http/timings.js';
export { CookieJar } from './cookie-jar.js';
export type * from './http-params.js';
export type * from './http-response.js';

/**
 * Makes a GET request. A path such as `/health` goes to the server under test, with its API key.
 *
 * ```ts
 * const response = await http.get('/health', { tags: { name: 'health' } });
 * ```
 */
export function get<Type extends ResponseType = 'text'>(_url: Url, _params?: Params<Type>): Promise<Response<Type>> {
  return outside('http.get');
}

/** Makes a HEAD request. */
export function head<Type extends ResponseType = 'text'>(_url: Url, _params?: Params<Type>): Promise<Response<Type>> {
  return outside('http.head');
}

/** Makes a POST request. An object is sent as a form; for JSON, send `JSON.stringify(…)` with a `Content-Type`. */
export function post<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.post');
}

/** Makes a PUT request. */
export function put<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.put');
}

/** Makes a PATCH request. */
export function patch<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.patch');
}

/** Makes a DELETE request. */
export function del<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.del');
}

/** Makes an OPTIONS request. */
export function options<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.options');
}

/** Makes a request of any method. */
export function request<Type extends ResponseType = 'text'>(
  _method: string,
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.request');
}

/** The response to one request of a batch. */
export type BatchResponse<Request> = Request extends { readonly params: Params<infer Type extends ResponseType> }
  ? Response<Type>
  : Request extends readonly [string, Url, unknown, Params<infer Type extends ResponseType>]
    ? Response<Type>
    : Response;

/**
 * Makes several requests at once, at most `batch` (an option, 20) in all and `batchPerHost` (6) to one server. Responses come
 * in the same shape: a list for a list, an object for an object.
 */
export function batch<const Requests extends readonly BatchRequest[] | Readonly<Record<string, BatchRequest>>>(
  _requests: Requests,
): Promise<{ -readonly [Key in keyof Requests]: BatchResponse<Requests[Key]> }> {
  return outside('http.batch');
}

/** A URL whose requests are counted together, whatever its variable parts are: ``http.url`https://host/users/${id}` ``. */
export function url(_texts: TemplateStringsArray, ..._parts: readonly UrlPart[]): NamedUrl {
  return outside('http.url');
}

/** A file to be sent in a form. Default: named `file`, of type `application/octet-stream`. */
export function file(_data: string | ArrayBuffer | ArrayBufferView, _filename?: string, _type?: string): FormFile {
  return outside('http.file');
}

/** Statuses that are expected: numbers, and ranges that include both ends. */
export function expectedStatuses(
  ..._statuses: readonly (number | { readonly min: number; readonly max: number })[]
): ExpectedStatuses {
  return outside('http.expectedStatuses');
}

/** Which statuses this user's requests expect from now on. Null counts no request as expected or failed. Default: 200 to 399. */
export function setResponseCallback(_expected: ExpectedStatuses | null): void {
  outside('http.setResponseCallback');
}

/** This user's cookies. They are forgotten when an iteration starts, unless the option `noCookiesReset` is set. */
export function cookieJar(): CookieJar {
  return outside('http.cookieJar');
}
