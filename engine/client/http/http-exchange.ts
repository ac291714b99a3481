import type { Address } from './address.js';
import type { RawHeaders } from './headers.js';
import type { HttpError } from './http-error.js';
import type { HttpInstants } from './timings.js';

/** What is put on the wire: the request line, headers as names and values in turn, and a body. */
export interface HttpMessage {
  readonly method: string;
  readonly address: Address;
  readonly headers: readonly string[];
  readonly body: Buffer | string | undefined;
}

/** One request and its response, with every instant: a redirect is another one. */
export interface HttpExchange extends HttpMessage, HttpInstants {
  readonly address: Address;
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
  /** Those of them that were the response's body, as it came, compressed or not. */
  bodyBytes: number;
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
    bodyBytes: 0,
  };
}
