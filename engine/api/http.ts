/** HTTP requests like `k6/http`, but awaited. A failed request does not throw: check `error`. */
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
 * Sends a GET request. A path such as `/health` goes to the server under test, with its API key.
 *
 * ```ts
 * const response = await http.get('/health', { tags: { name: 'health' } });
 * ```
 */
export function get<Type extends ResponseType = 'text'>(_url: Url, _params?: Params<Type>): Promise<Response<Type>> {
  return outside('http.get');
}

/** Sends a HEAD request. */
export function head<Type extends ResponseType = 'text'>(_url: Url, _params?: Params<Type>): Promise<Response<Type>> {
  return outside('http.head');
}

/** Sends a POST request.  An object is sent as a form; for JSON, send `JSON.stringify(…)` with a `Content-Type`. */
export function post<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.post');
}

/** Sends a PUT request. */
export function put<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.put');
}

/** Sends a PATCH request. */
export function patch<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.patch');
}

/** Sends a DELETE request. */
export function del<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.del');
}

/** Sends an OPTIONS request. */
export function options<Type extends ResponseType = 'text'>(
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.options');
}

/** Sends a request of any method. */
export function request<Type extends ResponseType = 'text'>(
  _method: string,
  _url: Url,
  _body?: RequestBody,
  _params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.request');
}

/** Response to one request of a batch. */
export type BatchResponse<Request> = Request extends { readonly params: Params<infer Type extends ResponseType> }
  ? Response<Type>
  : Request extends readonly [string, Url, unknown, Params<infer Type extends ResponseType>]
    ? Response<Type>
    : Response;

/**
 * Sends several requests at once. At most `batch` (an option, 20) in all and `batchPerHost` (6) to one server are in
 * flight. A list returns a list of responses, an object an object.
 */
export function batch<const Requests extends readonly BatchRequest[] | Readonly<Record<string, BatchRequest>>>(
  _requests: Requests,
): Promise<{ -readonly [Key in keyof Requests]: BatchResponse<Requests[Key]> }> {
  return outside('http.batch');
}

/**
 * URL whose requests share a name, with placeholders for its values. Such as ``http.url`https://host/users/${id}` ``.
 */
export function url(_texts: TemplateStringsArray, ..._parts: readonly UrlPart[]): NamedUrl {
  return outside('http.url');
}

/** File of a form. Default: named `file`, of type `application/octet-stream`. */
export function file(_data: string | ArrayBuffer | ArrayBufferView, _filename?: string, _type?: string): FormFile {
  return outside('http.file');
}

/** Set of expected statuses: numbers, and inclusive ranges. */
export function expectedStatuses(
  ..._statuses: readonly (number | { readonly min: number; readonly max: number })[]
): ExpectedStatuses {
  return outside('http.expectedStatuses');
}

/** Sets the expected statuses of this user's further requests. Null disables the check. Default: 200 to 399. */
export function setResponseCallback(_expected: ExpectedStatuses | null): void {
  outside('http.setResponseCallback');
}

/** Cookies of this user. Cleared at each iteration, unless the option `noCookiesReset` is set. */
export function cookieJar(): CookieJar {
  return outside('http.cookieJar');
}
