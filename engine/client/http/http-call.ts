import type { Clock } from '../../clock.js';
import { InterruptionWatch } from '../interruptions.js';
import { shortMessage } from '../protocols/protocol.js';
import type { Connection } from '../transport/connection.js';
import type { ConnectionSet } from '../transport/connection-set.js';
import type { Outcome } from '../transport/outcome.js';
import type { WireRequest } from '../transport/wire-request.js';
import { redirected } from './address.js';
import type { CookieJar } from './cookie-jar.js';
import type { RequestCookies } from './cookies.js';
import { everyValue, firstValue, withoutHeaders } from './headers.js';
import { decodeBody } from './http-body.js';
import { type HttpError, TIMEOUT } from './http-error.js';
import { type HttpExchange, type HttpMessage, openHttpExchange } from './http-exchange.js';
import { HttpResponseHandler } from './http-response-handler.js';

/** First request of a call, and the handling of its response. */
export interface HttpCall extends HttpMessage {
  /** Cookies of this call alone, for its first origin. */
  readonly cookies: RequestCookies | undefined;
  readonly jar: CookieJar;
  /** Most redirects followed. */
  readonly redirects: number;
  /** Timeout of the call with its redirects, in milliseconds. */
  readonly timeout: number;
  readonly keepsBody: boolean;
  /** Closes the connection of each request. */
  readonly closes?: boolean;
  /** Headers for the server under test only. Names and values in turn. */
  readonly ownHeaders: readonly string[];
}

/** Dependencies of a call. */
export interface HttpContext {
  readonly clock: Clock;
  readonly connections: (origin: string) => ConnectionSet;
  /** Aborts at the end of the run, and censors the exchange. */
  readonly signal: AbortSignal | undefined;
  /** Takes keys out of what the other side said. */
  readonly redact: (text: string) => string;
  /** Called for every finished request, redirects included. */
  readonly onEnd: (exchange: HttpExchange) => void;
}

/**
 * Makes a call and follows its redirects. Never rejects; resolves to the last exchange, failed or not. Sends nothing
 * once the signal has aborted.
 */
export async function makeCall(call: HttpCall, context: HttpContext): Promise<HttpExchange> {
  const { clock, signal, onEnd } = context;
  if (signal?.aborted) return openHttpExchange(call, clock.now());
  let reception: HttpResponseHandler | undefined;
  let stopped = false;
  const stop = (error: HttpError | undefined) => {
    stopped = true;
    reception?.stop(error);
  };
  const cancelTimer = clock.after(call.timeout, () => stop(TIMEOUT));
  const watch = new InterruptionWatch({ signal }, { stop: () => stop(undefined) });
  try {
    let message: HttpMessage = call;
    for (let followed = 0; ; followed += 1) {
      const exchange = await sendOne(addressed(message, call), call, context, (next) => {
        reception = next;
      });
      storeCookies(exchange, call.jar);
      const isLast = stopped || exchange.error || followed >= call.redirects;
      const next = isLast ? undefined : nextMessage(exchange, message);
      if (!next && call.keepsBody) await decode(exchange);
      const { error } = exchange;
      if (error) exchange.error = { ...error, message: shortMessage(context.redact(error.message)) };
      exchange.statusText = shortMessage(context.redact(exchange.statusText));
      onEnd(exchange);
      if (!next) return exchange;
      message = next;
    }
  } finally {
    cancelTimer();
    watch.end();
  }
}

/** Methods safe to send again after a dead reused socket. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Sends one request; again where a reused socket died before the response. */
async function sendOne(
  message: HttpMessage,
  { keepsBody, closes }: HttpCall,
  { clock, connections }: HttpContext,
  watch: (reception: HttpResponseHandler) => void,
): Promise<HttpExchange> {
  const { method, address, headers, body } = message;
  const set = connections(address.origin);
  const options: WireRequest = {
    method,
    path: address.path,
    headers: headers as string[],
    body: body ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const exchange = openHttpExchange(message, clock.now());
  const sendOver = async (connection: Connection): Promise<Outcome> => {
    const reception = new HttpResponseHandler(exchange, connection, clock, keepsBody);
    watch(reception);
    const outcome = await reception.receive(options);
    if (outcome === 'ended' && !closes) set.release(connection);
    else connection.close();
    return outcome;
  };
  if ((await sendOver(set.acquire())) === 'dead' && REPEATABLE.has(method)) {
    exchange.error = undefined;
    await sendOver(set.fresh());
  }
  return exchange;
}

/** Adds cookies, and the headers for the server under test. */
function addressed(message: HttpMessage, call: HttpCall): HttpMessage {
  const { address } = message;
  const cookies = call.jar.header(address.href, address.origin === call.address.origin ? call.cookies : undefined);
  const own = address.isOwn ? call.ownHeaders : NOTHING;
  if (cookies === '' && own.length === 0) return message;
  return { ...message, headers: [...message.headers, ...own, ...(cookies === '' ? NOTHING : ['Cookie', cookies])] };
}

const NOTHING: readonly string[] = [];

function storeCookies({ responseHeaders, address }: HttpExchange, jar: CookieJar): void {
  if (responseHeaders['set-cookie'] === undefined) return;
  for (const cookie of everyValue(responseHeaders, 'set-cookie')) jar.take(cookie, address.href);
}

/** Decompresses the body; a failure becomes the request's error. */
async function decode(exchange: HttpExchange): Promise<void> {
  if (exchange.error || exchange.status === 0) return;
  const bytes = await decodeBody(exchange.chunks, firstValue(exchange.responseHeaders, 'content-encoding'));
  if (Buffer.isBuffer(bytes)) exchange.responseBody = bytes;
  else exchange.error = bytes;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Request of a redirect, by the rules of browsers. Undefined where there is none to follow. */
function nextMessage({ status, responseHeaders }: HttpExchange, sent: HttpMessage): HttpMessage | undefined {
  const location = REDIRECTS.has(status) ? firstValue(responseHeaders, 'location') : '';
  const address = location === '' ? undefined : redirected(sent.address, location);
  if (!address) return undefined;
  const isRead = sent.method === 'GET' || sent.method === 'HEAD';
  const keepsMethod = status === 307 || status === 308 || isRead;
  const isElsewhere = address.origin !== sent.address.origin;
  // Credentials in a redirect's URL are for its own server.
  const given = address.authorization === sent.address.authorization ? undefined : address.authorization;
  const headers = withoutHeaders(sent.headers, (name) => {
    if (name === 'host' || (!keepsMethod && name.startsWith('content-'))) return true;
    return (isElsewhere && isSecret(name)) || (given !== undefined && name === 'authorization');
  });
  return {
    method: keepsMethod ? sent.method : 'GET',
    address,
    headers: given === undefined ? headers : [...headers, 'Authorization', given],
    body: keepsMethod ? sent.body : undefined,
  };
}

/** True for credentials, which are not passed on to another origin. */
function isSecret(name: string): boolean {
  return name === 'authorization' || name === 'proxy-authorization';
}
