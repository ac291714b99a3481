import type { Address } from './address.js';
import type { RawHeaders } from './headers.js';
import type { HttpError } from './http-error.js';
import type { HttpInstants } from './timings.js';

/** HTTP request: request line, headers as names and values in turn, body. */
export interface HttpMessage {
  readonly method: string;
  readonly address: Address;
  readonly headers: readonly string[];
  readonly body: Buffer | string | undefined;
}

/** One request and response with all instants; a redirect is another one. */
export interface HttpExchange extends HttpMessage, HttpInstants {
  readonly address: Address;
  /** 0 without a response. */
  status: number;
  statusText: string;
  responseHeaders: RawHeaders;
  /** Body as received, compressed or not; empty where it is discarded. */
  readonly chunks: Buffer[];
  /** Decompressed body, undefined where there is none. */
  responseBody: Buffer | undefined;
  error: HttpError | undefined;
  /** In flight at the end of the run: neither success nor failure. */
  censored: boolean;
  proto: string;
  remoteIp: string;
  remotePort: number;
  bytesSent: number;
  bytesReceived: number;
  /** Body bytes among those received, as they came, compressed or not. */
  bodyBytes: number;
}

const NO_HEADERS: RawHeaders = {};

/** Creates the exchange of a request about to be sent. */
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
