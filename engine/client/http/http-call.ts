import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import type { Outcome } from '../response-handler.js';
import type { Connection, ConnectionSet } from '../transport/connection.js';
import { redirected } from './address.js';
import type { CookieJar } from './cookie-jar.js';
import type { RequestCookies } from './cookies.js';
import { everyValue, firstValue, withoutHeaders } from './headers.js';
import { decodeBody } from './http-body.js';
import { type HttpError, TIMEOUT } from './http-error.js';
import { type HttpExchange, type HttpMessage, openHttpExchange } from './http-exchange.js';
import { HttpReception } from './http-response-handler.js';

/** What a script asks for: a first request, and what to do with the response. */
export interface HttpCall extends HttpMessage {
  /** Cookies of this call alone: for the server that it first goes to. */
  readonly cookies: RequestCookies | undefined;
  readonly jar: CookieJar;
  /** So many redirects are followed. */
  readonly redirects: number;
  /** For everything together, in milliseconds. */
  readonly timeout: number;
  readonly keepsBody: boolean;
  /** Headers that only the server under test may see, as names and values in turn. */
  readonly ownHeaders: readonly string[];
}

/** Everything that a call needs around it. */
export interface HttpSurroundings {
  readonly clock: Clock;
  readonly connections: (origin: string) => ConnectionSet;
  /** Aborts when the run will not wait any longer; the exchange is then censored. */
  readonly signal: AbortSignal | undefined;
  /** Told of every request that has ended, redirects included. */
  readonly onEnd: (exchange: HttpExchange) => void;
}

/**
 * Makes a call and follows its redirects. Never rejects; gives the last exchange, whatever came of it. Nothing is sent once
 * the signal has aborted.
 */
export async function makeCall(call: HttpCall, around: HttpSurroundings): Promise<HttpExchange> {
  const { clock, signal, onEnd } = around;
  if (signal?.aborted) return openHttpExchange(call, clock.now());
  let reception: HttpReception | undefined;
  let stopped = false;
  const stop = (error: HttpError | undefined) => {
    stopped = true;
    reception?.stop(error);
  };
  const cancelTimer = clock.after(call.timeout, () => stop(TIMEOUT));
  const onAbort = () => stop(undefined);
  // Any number of requests may be in flight at once: no leak to warn of.
  if (signal) setMaxListeners(0, signal);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    let message: HttpMessage = call;
    for (let followed = 0; ; followed += 1) {
      const exchange = await sendOne(addressed(message, call), call.keepsBody, around, (next) => {
        reception = next;
      });
      noteCookies(exchange, call.jar);
      const isLast = stopped || exchange.error || followed >= call.redirects;
      const next = isLast ? undefined : nextMessage(exchange, message);
      if (!next && call.keepsBody) decode(exchange);
      onEnd(exchange);
      if (!next) return exchange;
      message = next;
    }
  } finally {
    cancelTimer();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** A reused socket that turned out to be dead may have carried these: what they ask for can be asked for twice. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** One request; two tries where a reused socket was dead before any byte of the answer came. */
async function sendOne(
  message: HttpMessage,
  keepsBody: boolean,
  { clock, connections }: HttpSurroundings,
  watch: (reception: HttpReception) => void,
): Promise<HttpExchange> {
  const { method, address, headers, body } = message;
  const set = connections(address.origin);
  const options: Dispatcher.DispatchOptions = {
    method,
    path: address.path,
    headers: headers as string[],
    body: body ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const exchange = openHttpExchange(message, clock.now());
  const sendOver = async (connection: Connection): Promise<Outcome> => {
    const reception = new HttpReception(exchange, connection, clock, keepsBody);
    watch(reception);
    const outcome = await reception.receive(options);
    if (outcome === 'ended') set.release(connection);
    else connection.close();
    return outcome;
  };
  if ((await sendOver(set.acquire())) === 'dead' && REPEATABLE.has(method)) {
    exchange.error = undefined;
    await sendOver(set.fresh());
  }
  return exchange;
}

/** What depends on where the request goes: cookies, and headers for the server under test alone. */
function addressed(message: HttpMessage, call: HttpCall): HttpMessage {
  const { address } = message;
  const cookies = call.jar.header(address.href, address.origin === call.address.origin ? call.cookies : undefined);
  const own = address.isOwn ? call.ownHeaders : NOTHING;
  if (cookies === '' && own.length === 0) return message;
  return { ...message, headers: [...message.headers, ...own, ...(cookies === '' ? NOTHING : ['Cookie', cookies])] };
}

const NOTHING: readonly string[] = [];

function noteCookies({ responseHeaders, address }: HttpExchange, jar: CookieJar): void {
  if (responseHeaders['set-cookie'] === undefined) return;
  for (const cookie of everyValue(responseHeaders, 'set-cookie')) jar.take(cookie, address.href);
}

/** That a body cannot be decompressed is an error of the request. */
function decode(exchange: HttpExchange): void {
  if (exchange.error || exchange.status === 0) return;
  const bytes = decodeBody(exchange.chunks, firstValue(exchange.responseHeaders, 'content-encoding'));
  if (Buffer.isBuffer(bytes)) exchange.responseBody = bytes;
  else exchange.error = bytes;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The request that a redirect asks for, by the rules of browsers; undefined when it is none that can be followed. */
function nextMessage({ status, responseHeaders }: HttpExchange, sent: HttpMessage): HttpMessage | undefined {
  const location = REDIRECTS.has(status) ? firstValue(responseHeaders, 'location') : '';
  const address = location === '' ? undefined : redirected(sent.address, location);
  if (!address) return undefined;
  const isRead = sent.method === 'GET' || sent.method === 'HEAD';
  const keepsMethod = status === 307 || status === 308 || isRead;
  const isElsewhere = address.origin !== sent.address.origin;
  // User and password in the URL of a redirect are for the server that it leads to.
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

/** What a script said to one server is not for another. */
function isSecret(name: string): boolean {
  return name === 'authorization' || name === 'proxy-authorization';
}
