import type * as api from '../../api/http.js';
import type { NamedUrl, Params, RequestBody, ResponseType, Url } from '../../api/http-params.js';
import type { Response } from '../../api/http-response.js';
import { CookieJar } from '../../client/http/cookie-jar.js';
import { FormFile } from '../../client/http/http-body.js';
import { calling, type VuState } from '../vu-state.js';
import { batchOf } from './batch.js';
import { EXPECTED, expectedStatuses } from './expected-statuses.js';
import { type HttpUser, requestFor } from './http-request.js';
import { HttpResponse } from './http-response.js';
import { isExpectedStatuses } from './request-params.js';

/** Placeholder for a variable part in a URL's name, as in k6. */
const PLACE = '$' + '{}';

/** `http` of one VU. */
export function httpFor(vu: VuState): typeof api {
  const user: HttpUser = { vu, expected: EXPECTED, respond: (exchange, type) => new HttpResponse(exchange, type) };

  function make<Type extends ResponseType>(
    what: string,
    method: string,
    url: Url,
    body?: RequestBody,
    params?: Params<Type>,
  ): Promise<Response<Type>> {
    return calling(vu, what, () => requestFor(user, what, method, url, body, params));
  }

  return {
    get: (url, params) => make('http.get', 'GET', url, null, params),
    head: (url, params) => make('http.head', 'HEAD', url, null, params),
    post: (url, body, params) => make('http.post', 'POST', url, body, params),
    put: (url, body, params) => make('http.put', 'PUT', url, body, params),
    patch: (url, body, params) => make('http.patch', 'PATCH', url, body, params),
    del: (url, body, params) => make('http.del', 'DELETE', url, body, params),
    options: (url, body, params) => make('http.options', 'OPTIONS', url, body, params),
    request: (method, url, body, params) => make('http.request', method, url, body, params),

    batch: (requests) => calling(vu, 'http.batch', async () => (await batchOf(user, requests)) as never),

    url: (texts, ...parts) =>
      ({ url: String.raw({ raw: texts }, ...parts), name: texts.join(PLACE) }) satisfies NamedUrl,
    file: (data, filename, type) => new FormFile(data, filename, type),
    expectedStatuses,

    setResponseCallback(expected) {
      if (expected !== null && !isExpectedStatuses(expected)) {
        throw new TypeError('http.setResponseCallback takes http.expectedStatuses(…) or null');
      }
      user.expected = expected;
    },

    cookieJar() {
      if (vu.stage === 'init')
        throw new Error('http.cookieJar() belongs into a function: each iteration starts without');
      return vu.cookies;
    },

    CookieJar,
  };
}
