import type { Opening } from './connection.js';
import type { Address } from './http-address.js';
import type { HttpError } from './http-error.js';
import type { RawHeaders } from './http-headers.js';

/** What is put on the wire: the request line, headers as names and values in turn, and a body. */
export interface HttpMessage {
  readonly method: string;
  readonly address: Address;
  readonly headers: readonly string[];
  readonly body: Buffer | string | undefined;
}

/**
 * One request and its response, with every instant: a redirect is another one. Instants are milliseconds on the
 * machine's monotonic clock; one that never came is undefined.
 */
export interface HttpExchange extends HttpMessage {
  /** When it was handed to the HTTP client, before a socket was found or opened. */
  readonly sentAt: number;
  /** How its socket was opened; undefined where one was there. */
  opening: Opening | undefined;
  /** When the socket was ready and writing began. */
  startedAt: number | undefined;
  /** When the kernel had taken the last byte. */
  wroteAt: number | undefined;
  /** When the first byte of the response came. */
  firstByteAt: number | undefined;
  /** When the last byte of the response came, or it failed. */
  endedAt: number;
  /** 0 where there was no response. */
  status: number;
  statusText: string;
  responseHeaders: RawHeaders;
  /** The response's body as it came, compressed or not; empty where it is not to be kept. */
  readonly chunks: Buffer[];
  /** The whole body without its compression; undefined where there is none to show. */
  responseBody: Buffer | undefined;
  error: HttpError | undefined;
  /** The run ended while this was in flight: neither a success nor a failure. */
  censored: boolean;
  proto: string;
  remoteIp: string;
  remotePort: number;
  bytesSent: number;
  bytesReceived: number;
}

const NO_HEADERS: RawHeaders = {};

/** A request that is about to be made. */
export function openHttpExchange({ method, address, headers, body }: HttpMessage, sentAt: number): HttpExchange {
  return {
    method,
    address,
    headers,
    body,
    sentAt,
    opening: undefined,
    startedAt: undefined,
    wroteAt: undefined,
    firstByteAt: undefined,
    endedAt: sentAt,
    status: 0,
    statusText: '',
    responseHeaders: NO_HEADERS,
    chunks: [],
    responseBody: undefined,
    error: undefined,
    censored: false,
    proto: '',
    remoteIp: '',
    remotePort: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}

/** What one request took, in milliseconds, as k6 divides it. */
export interface HttpTimings {
  /** sending + waiting + receiving. */
  readonly duration: number;
  /** Until a socket was ready: with looking up, connecting and TLS where it had to be opened. */
  readonly blocked: number;
  readonly looking_up: number;
  readonly connecting: number;
  readonly tls_handshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
}

/** Divides the time of a request. A step that it failed in lasts until it failed; steps that it did not take are 0. */
export function timingsOf(exchange: HttpExchange): HttpTimings {
  const { sentAt, startedAt, wroteAt, firstByteAt, endedAt, opening } = exchange;
  const begun = startedAt ?? endedAt;
  // A server may answer before it has read everything.
  const written = Math.min(wroteAt ?? endedAt, firstByteAt ?? endedAt);
  const answered = firstByteAt ?? endedAt;
  const sending = span(begun, written);
  const waiting = span(Math.max(begun, written), answered);
  const receiving = span(Math.max(begun, answered), endedAt);
  const connectedAt = opening?.connectedAt ?? 0;
  const securedAt = opening?.securedAt ?? 0;
  return {
    duration: sending + waiting + receiving,
    blocked: span(sentAt, begun),
    looking_up: opening && opening.lookedUpAt > 0 ? span(opening.startedAt, opening.lookedUpAt) : 0,
    connecting: opening ? span(opening.lookedUpAt || opening.startedAt, connectedAt || begun) : 0,
    tls_handshaking:
      opening && exchange.address.origin.startsWith('https:') && connectedAt > 0
        ? span(connectedAt, securedAt || begun)
        : 0,
    sending,
    waiting,
    receiving,
  };
}

function span(from: number, to: number): number {
  return Math.max(0, to - from);
}
