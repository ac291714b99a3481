import type { BatchRequest, ExpectedStatuses, Params, RequestBody, ResponseType, Url } from '../../api/http-params.js';
import type { Response } from '../../api/http-response.js';
import { FormFile } from '../../client/http/http-body.js';
import { plainObject } from '../../schema.js';
import { batchOf } from '../http/batch.js';
import { EXPECTED } from '../http/expected-statuses.js';
import { type HttpUser, requestFor } from '../http/http-request.js';
import { httpFor } from '../http/index.js';
import { calling, type VuState } from '../vu-state.js';
import { K6CookieJar } from './cookie-jar.js';
import { requestWithDigest } from './digest-auth.js';
import { CONSTANTS } from './http-constants.js';
import { type K6Params, readK6Params } from './http-params.js';
import { K6Response } from './http-response.js';

type AnyResponse = Response<ResponseType>;

/** Module `k6/http` of one VU: `http`, by k6's rules. */
export function k6HttpFor(vu: VuState) {
  const base = httpFor(vu);
  const send = (method: string, url: unknown, body?: unknown, given?: unknown): Promise<AnyResponse> =>
    make(`http.${method.toLowerCase()}`, method, url, body, given);
  const user: HttpUser = {
    vu,
    expected: EXPECTED,
    respond: (exchange, type) => new K6Response(exchange, type, send),
  };

  /** Sends a request. At the top of the file it throws at once, since nothing awaits it there. */
  function make(what: string, method: string, url: unknown, body: unknown, given: unknown): Promise<AnyResponse> {
    if (vu.stage === 'init')
      throw new Error(`${what}() belongs into a function; the top of the file is run for every VU`);
    return calling(vu, what, () => {
      const read = readK6Params(given);
      const text = urlOf(url);
      const form = formOf(body);
      if (read.login === 'digest') return requestWithDigest(user, what, method, text, form, read.params);
      refuseNtlm(read);
      return requestFor(user, what, method, text, form, read.params);
    });
  }

  const request = (method: string, url: unknown, body?: unknown, params?: unknown) =>
    make('http.request', String(method), url, body, params);
  return {
    get: (url: unknown, params?: unknown) => make('http.get', 'GET', url, null, params),
    head: (url: unknown, params?: unknown) => make('http.head', 'HEAD', url, null, params),
    post: (url: unknown, body?: unknown, params?: unknown) => make('http.post', 'POST', url, body, params),
    put: (url: unknown, body?: unknown, params?: unknown) => make('http.put', 'PUT', url, body, params),
    patch: (url: unknown, body?: unknown, params?: unknown) => make('http.patch', 'PATCH', url, body, params),
    del: (url: unknown, body?: unknown, params?: unknown) => make('http.del', 'DELETE', url, body, params),
    options: (url: unknown, body?: unknown, params?: unknown) => make('http.options', 'OPTIONS', url, body, params),
    request,
    asyncRequest: request,
    batch(requests: unknown) {
      if (vu.stage === 'init')
        throw new Error('http.batch() belongs into a function; the top of the file is run for every VU');
      return calling(vu, 'http.batch', () => batchOf(user, normalized(requests)));
    },
    setResponseCallback(expected: ExpectedStatuses | null) {
      base.setResponseCallback(expected);
      user.expected = expected;
    },
    url: base.url,
    file: (data: string | ArrayBuffer, name = `${Date.now()}000000`, type?: string) => base.file(data, name, type),
    expectedStatuses: base.expectedStatuses,
    cookieJar: base.cookieJar,
    CookieJar: K6CookieJar,
    ...CONSTANTS,
  };
}

function refuseNtlm({ login }: K6Params): void {
  if (login === 'ntlm') throw new TypeError('auth: NTLM is not offered: there are basic and digest');
}

/** URL by k6's rules. A text, `http.url`, or an object that can be written as a URL. */
function urlOf(given: unknown): Url {
  const object = plainObject(given);
  if (object && typeof object.url === 'string') return object as unknown as Url;
  return String(given);
}

/** Body by k6's rules: the fields of a form are sorted. */
function formOf(body: unknown): RequestBody | undefined {
  const fields = plainObject(body);
  const isForm =
    fields !== undefined &&
    (Object.getPrototypeOf(fields) === Object.prototype || Object.getPrototypeOf(fields) === null);
  if (!isForm || Object.values(fields).some((value) => value instanceof FormFile)) return body as RequestBody;
  const sorted = Object.keys(fields).sort();
  return Object.fromEntries(sorted.map((name) => [name, fields[name]])) as RequestBody;
}

/** Requests of a batch as lists of arguments. */
function normalized(requests: unknown): readonly BatchRequest[] | Readonly<Record<string, BatchRequest>> {
  if (Array.isArray(requests)) return requests.map(argumentsOf);
  const object = plainObject(requests) ?? {};
  return Object.fromEntries(Object.entries(object).map(([key, request]) => [key, argumentsOf(request)]));
}

function argumentsOf(request: unknown): BatchRequest {
  if (Array.isArray(request)) {
    const [method, url, body, params] = request as readonly unknown[];
    return batched(method, url, body, params);
  }
  const object = plainObject(request);
  const isUrl = object === undefined || 'name' in object;
  return isUrl
    ? batched('GET', request, null, undefined)
    : batched(object.method, object.url, object.body, object.params);
}

function batched(method: unknown, url: unknown, body: unknown, params: unknown): BatchRequest {
  const verb = String(method ?? 'GET').toUpperCase();
  const read = readK6Params(params);
  refuseNtlm(read);
  const isRead = verb === 'GET' || verb === 'HEAD';
  return [verb, urlOf(url), isRead ? null : formOf(body), read.params as Params | undefined];
}
