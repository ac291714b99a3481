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
export function get<Type extends ResponseType = 'text'>(url: Url, params?: Params<Type>): Promise<Response<Type>> {
  return outside('http.get', url, params);
}

/** Sends a HEAD request. */
export function head<Type extends ResponseType = 'text'>(url: Url, params?: Params<Type>): Promise<Response<Type>> {
  return outside('http.head', url, params);
}

/** Sends a POST request.  An object is sent as a form; for JSON, send `JSON.stringify(…)` with a `Content-Type`. */
export function post<Type extends ResponseType = 'text'>(
  url: Url,
  body?: RequestBody,
  params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.post', url, body, params);
}

/** Sends a PUT request. */
export function put<Type extends ResponseType = 'text'>(
  url: Url,
  body?: RequestBody,
  params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.put', url, body, params);
}

/** Sends a PATCH request. */
export function patch<Type extends ResponseType = 'text'>(
  url: Url,
  body?: RequestBody,
  params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.patch', url, body, params);
}

/** Sends a DELETE request. */
export function del<Type extends ResponseType = 'text'>(
  url: Url,
  body?: RequestBody,
  params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.del', url, body, params);
}

/** Sends an OPTIONS request. */
export function options<Type extends ResponseType = 'text'>(
  url: Url,
  body?: RequestBody,
  params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.options', url, body, params);
}

/** Sends a request of any method. */
export function request<Type extends ResponseType = 'text'>(
  method: string,
  url: Url,
  body?: RequestBody,
  params?: Params<Type>,
): Promise<Response<Type>> {
  return outside('http.request', method, url, body, params);
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
  requests: Requests,
): Promise<{ -readonly [Key in keyof Requests]: BatchResponse<Requests[Key]> }> {
  return outside('http.batch', requests);
}

/**
 * URL whose requests share a name, with placeholders for its values. Such as ``http.url`https://host/users/${id}` ``.
 */
export function url(texts: TemplateStringsArray, ...parts: readonly UrlPart[]): NamedUrl {
  return outside('http.url', texts, parts);
}

/** File of a form. Default: named `file`, of type `application/octet-stream`. */
export function file(data: string | ArrayBuffer | ArrayBufferView, filename?: string, type?: string): FormFile {
  return outside('http.file', data, filename, type);
}

/** Set of expected statuses: numbers, and inclusive ranges. */
export function expectedStatuses(
  ...statuses: readonly (number | { readonly min: number; readonly max: number })[]
): ExpectedStatuses {
  return outside('http.expectedStatuses', statuses);
}

/** Sets the expected statuses of this user's further requests. Null disables the check. Default: 200 to 399. */
export function setResponseCallback(expected: ExpectedStatuses | null): void {
  outside('http.setResponseCallback', expected);
}

/** Cookies of this user. Cleared at each iteration, unless the option `noCookiesReset` is set. */
export function cookieJar(): CookieJar {
  return outside('http.cookieJar');
}
