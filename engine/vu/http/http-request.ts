import type { ExpectedStatuses, Params, RequestBody, ResponseType, Url } from '../../api/http-params.js';
import type { Response } from '../../api/http-response.js';
import { type Address, readAddress } from '../../client/http/address.js';
import { compress, type EncodedBody, encodeBody } from '../../client/http/http-body.js';
import { type HttpCall, makeCall } from '../../client/http/http-call.js';
import { HttpErrorCode, statusErrorCode } from '../../client/http/http-error.js';
import { type HttpExchange, openHttpExchange } from '../../client/http/http-exchange.js';

import { isSecretName, type Secrets } from '../../client/secrets.js';
import { configError } from '../../errors.js';
import type { Tags } from '../../metrics/series.js';
import { allTags } from '../tags.js';
import { noteContact, noteSent, type VuState } from '../vu-state.js';
import { type ReadParams, readParams } from './request-params.js';

/** State of a VU that its HTTP requests share. */
export interface HttpUser {
  readonly vu: VuState;
  /** Latest argument of `http.setResponseCallback`. */
  expected: ExpectedStatuses | null;
  /** Makes the response that the script gets. */
  readonly respond: (exchange: HttpExchange, type: ResponseType) => Response<ResponseType>;
}

const NO_HEADERS: readonly string[] = [];

/** Sends a VU's request and returns the response. Records it, and its redirects. */
export async function requestFor<Type extends ResponseType>(
  user: HttpUser,
  what: string,
  method: string,
  url: Url,
  body: RequestBody | undefined,
  params: Params<Type> | null | undefined,
): Promise<Response<Type>> {
  const { thread } = user.vu;
  const read = readParams(params, what);
  const type = read.responseType ?? (thread.http.discardResponseBodies ? 'none' : 'text');
  const address = addressOf(user.vu, what, url);
  if (typeof address === 'string') return refused(user, read, method, address, type);
  const name = read.name ?? (typeof url === 'object' ? url.name : undefined);
  const encoded = body === undefined || body === null ? undefined : await encodeBody(body);
  noteSecrets(thread.secrets, read, address);
  const call = callOf(user.vu, read, method.toUpperCase(), address, encoded, type !== 'none');
  const expected = read.responseCallback === undefined ? user.expected : read.responseCallback;
  noteSent(user.vu);
  const exchange = await makeCall(call, {
    clock: thread.clock,
    connections: user.vu.httpConnections,
    signal: user.vu.signal,
    redact: thread.secrets.redact,
    onEnd(ended) {
      record(user.vu, ended, name ?? thread.secrets.redact(ended.address.name), read.tags, expected);
    },
  });
  noteContact(
    user.vu,
    exchange.status > 0 || exchange.error === undefined || exchange.error.code === HttpErrorCode.timeout,
  );
  user.vu.signal?.throwIfAborted();
  if (exchange.status >= 300 && exchange.status < 400 && call.redirects > 0 && read.redirects === undefined) {
    warnOfRedirects(user.vu, exchange);
  }
  return finish(user, read, exchange, type);
}

/** Remembers what a request carries that no output may show. */
function noteSecrets(secrets: Secrets, { headers, cookies }: ReadParams, address: Address): void {
  for (let index = 0; index < headers.length; index += 2) {
    secrets.addHeaders([[headers[index] ?? '', headers[index + 1] ?? '']]);
  }
  if (cookies)
    secrets.addHeaders([
      ['cookie', cookies.text],
      ...[...cookies.named.values()].map(({ value }) => ['cookie', value] as const),
    ]);
  if (address.authorization !== undefined) secrets.addHeaders([['authorization', address.authorization]]);
  const query = address.path.indexOf('?');
  if (query < 0) return;
  for (const [name, value] of new URLSearchParams(address.path.slice(query)))
    if (isSecretName(name)) secrets.add(value);
}

/** Address of a request; its text where that is no URL. */
function addressOf({ thread }: VuState, what: string, given: Url): Address | string {
  const text = typeof given === 'string' ? given : given?.url;
  if (typeof text !== 'string') throw new TypeError(`${what}: expected a URL, got ${String(given)}`);
  const address = readAddress(text, thread.isK6 ? undefined : thread.target?.origin);
  if (address) return address;
  if (!thread.isK6 && !thread.target && text.startsWith('/')) {
    throw configError(
      'target',
      `${what}(${JSON.stringify(text)}) needs the server under test, but none was given`,
      'give --base-url, OPENAI_BASE_URL or options.baseUrl, or a whole URL such as http://127.0.0.1:8080/health',
    );
  }
  return text;
}

/** Response to an invalid URL. Only a k6 script counts it, and only one that can be parsed. */
function refused<Type extends ResponseType>(
  user: HttpUser,
  read: ReadParams,
  method: string,
  url: string,
  type: ResponseType,
) {
  const address: Address = { href: url, origin: '', path: '', name: url, authorization: undefined, isOwn: false };
  const message = { method, address, headers: NO_HEADERS, body: undefined };
  const exchange = openHttpExchange(message, user.vu.thread.clock.now());
  exchange.error = { code: HttpErrorCode.invalidUrl, message: `not a URL of http or https: ${JSON.stringify(url)}` };
  const expected = read.responseCallback === undefined ? user.expected : read.responseCallback;
  const isCounted = user.vu.thread.isK6 && URL.canParse(url, 'http://host');
  if (isCounted) record(user.vu, exchange, read.name ?? url, read.tags, expected);
  return finish<Type>(user, read, exchange, type);
}

function finish<Type extends ResponseType>(
  { vu, respond }: HttpUser,
  read: ReadParams,
  exchange: HttpExchange,
  type: ResponseType,
): Response<Type> {
  if (exchange.error && (read.throw ?? vu.thread.http.throw)) {
    const { method, address, error } = exchange;
    throw new Error(`${method} ${vu.thread.secrets.redact(address.name)}: ${error.message} (code ${error.code})`);
  }
  return respond(exchange, type) as Response<Type>;
}

function callOf(
  { thread, cookies }: VuState,
  read: ReadParams,
  method: string,
  address: Address,
  encoded: EncodedBody | undefined,
  keepsBody: boolean,
): HttpCall {
  const { http, target } = thread;
  const headers = [...read.headers];
  const lacks = (name: string) => !read.headers.some((given, index) => index % 2 === 0 && given.toLowerCase() === name);
  if (lacks('user-agent')) headers.push('User-Agent', http.userAgent);
  let bytes: Buffer | string | undefined;
  if (encoded) {
    bytes = encoded.bytes;
    if (encoded.type !== undefined && lacks('content-type')) headers.push('Content-Type', encoded.type);
    if (read.compression !== undefined) {
      bytes = compress(bytes, read.compression);
      if (lacks('content-encoding')) headers.push('Content-Encoding', read.compression);
    }
  }
  const isAuthorized = !lacks('authorization');
  if (address.authorization !== undefined && !isAuthorized) headers.push('Authorization', address.authorization);
  return {
    method,
    address,
    headers,
    body: bytes,
    cookies: read.cookies,
    jar: read.jar ?? cookies,
    redirects: read.redirects ?? http.maxRedirects,
    timeout: read.timeout,
    keepsBody,
    closes: http.noConnectionReuse,
    ownHeaders: address.isOwn && target && !isAuthorized ? Object.entries(target.headers).flat() : NO_HEADERS,
  };
}

/** Records one request, except those of `setup` and `teardown`. */
function record(vu: VuState, exchange: HttpExchange, name: string, own: Tags, expected: ExpectedStatuses | null): void {
  const { thread, scenario } = vu;
  thread.onHttpExchange?.(exchange);
  const { httpRecorder } = thread;
  if (!httpRecorder || (vu.stage !== 'running' && !thread.isK6)) return;
  const isExpected = expected === null ? undefined : !exchange.error && expected.expects(exchange.status);
  const asked = thread.tagKeys.length > 0 ? askedTags(vu, exchange, own, isExpected) : NO_TAGS;
  thread.log?.http(vu, exchange, name, isExpected, allTags(vu, own));
  httpRecorder.end(exchange, { scenario, name, asked, expected: isExpected });
}

const NO_TAGS: Tags = {};

/** Tags of a request that thresholds select by. The script's own override the built-in ones. */
function askedTags(
  { thread, tags }: VuState,
  { method, status, address, error, proto }: HttpExchange,
  own: Tags,
  expected: boolean | undefined,
): Tags {
  const code = error?.code ?? statusErrorCode(status);
  const all: Tags = {
    method,
    status: String(status),
    url: thread.secrets.redact(address.name),
    proto,
    ...(code !== undefined && { error_code: String(code) }),
    ...(expected !== undefined && { expected_response: String(expected) }),
    ...tags,
    ...own,
  };
  return Object.fromEntries(thread.tagKeys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));
}

function warnOfRedirects({ thread, scenario }: VuState, { status, address }: HttpExchange): void {
  thread.httpRecorder?.warn(
    `${scenario}: a response of ${thread.secrets.redact(address.name)} is a redirect (HTTP ${status}) that was not followed after ` +
      `${thread.http.maxRedirects} others; say so with redirects or maxRedirects if that is meant`,
  );
}
