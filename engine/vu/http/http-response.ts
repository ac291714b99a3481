import type { ResponseType } from '../../api/http-params.js';
import type { Response, SentRequest } from '../../api/http-response.js';
import { readCookies } from '../../client/http/cookie-jar.js';
import type { ResponseCookie } from '../../client/http/cookies.js';
import { canonicalHeaders, everyValue, headerLists } from '../../client/http/headers.js';
import { statusErrorCode } from '../../client/http/http-error.js';
import type { HttpExchange } from '../../client/http/http-exchange.js';
import { type HttpTimings, timingsOf } from '../../client/http/timings.js';
import { messageOf } from '../../errors.js';
import { selectJson } from './json-selector.js';

/** Response as scripts see it. Parts that most scripts never read are computed on access. */
export class HttpResponse implements Response<ResponseType> {
  readonly status: number;
  readonly status_text: string;
  readonly url: string;
  readonly error: string;
  readonly error_code: number;
  readonly proto: string;
  readonly remote_ip: string;
  readonly remote_port: number;
  readonly #exchange: HttpExchange;
  readonly #type: ResponseType;
  #body: string | ArrayBuffer | null | undefined;
  #headers: Record<string, string> | undefined;
  #cookies: Record<string, ResponseCookie[]> | undefined;
  #timings: HttpTimings | undefined;
  #request: SentRequest | undefined;
  #json: { readonly value: unknown } | undefined;

  constructor(exchange: HttpExchange, type: ResponseType) {
    const { statusText, address, error } = exchange;
    // An incomplete response has status 0, as in k6.
    const status = error ? 0 : exchange.status;
    this.status = status;
    this.status_text = status === 0 ? '' : `${status} ${statusText}`.trimEnd();
    this.url = address.href;
    this.error = error?.message ?? '';
    this.error_code = error?.code ?? statusErrorCode(status) ?? 0;
    this.proto = exchange.proto;
    this.remote_ip = exchange.remoteIp;
    this.remote_port = exchange.remotePort;
    this.#exchange = exchange;
    this.#type = type;
  }

  get body(): never {
    this.#body ??= this.#readBody();
    // The type of the body depends on responseType, which the script's own types know.
    return this.#body as never;
  }

  get headers(): Record<string, string> {
    this.#headers ??= canonicalHeaders(this.#exchange.responseHeaders);
    return this.#headers;
  }

  get cookies(): Record<string, ResponseCookie[]> {
    this.#cookies ??= readCookies(everyValue(this.#exchange.responseHeaders, 'set-cookie'));
    return this.#cookies;
  }

  get timings(): HttpTimings {
    this.#timings ??= timingsOf(this.#exchange);
    return this.#timings;
  }

  get request(): SentRequest {
    this.#request ??= sentRequest(this.#exchange);
    return this.#request;
  }

  json<Value>(selector?: string): Value {
    this.#json ??= { value: this.#parse() };
    const { value } = this.#json;
    return (selector === undefined ? value : selectJson(value, selector)) as Value;
  }

  toJSON(): Record<string, unknown> {
    const { status, status_text, url, error, error_code, proto, remote_ip, remote_port } = this;
    const { headers, cookies, body, timings, request } = this;
    const named = { status, status_text, url, error, error_code, proto, remote_ip, remote_port };
    return { ...named, headers, cookies, body, timings, request };
  }

  #readBody(): string | ArrayBuffer | null {
    const bytes = this.#exchange.responseBody;
    if (!bytes || this.#type === 'none') return null;
    if (this.#type === 'text') return bytes.toString('utf8');
    const copy = new ArrayBuffer(bytes.length);
    bytes.copy(new Uint8Array(copy));
    return copy;
  }

  #parse(): unknown {
    const bytes = this.#exchange.responseBody;
    if (!bytes) {
      throw new TypeError(`there is no body to read as JSON: ${this.error || 'it was discarded (responseType none)'}`);
    }
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      throw new TypeError(`the body of ${this.url} (HTTP ${this.status}) is not JSON: ${messageOf(error)}`);
    }
  }
}

function sentRequest({ method, address, headers, body }: HttpExchange): SentRequest {
  const lists = headerLists(headers);
  const cookies: Record<string, { name: string; value: string }[]> = {};
  for (const pair of lists.Cookie?.flatMap((line) => line.split('; ')) ?? []) {
    const [name = '', ...value] = pair.split('=');
    cookies[name] = [...(cookies[name] ?? []), { name, value: value.join('=') }];
  }
  return { method, url: address.href, headers: lists, body: body?.toString() ?? '', cookies };
}
