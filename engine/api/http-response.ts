import type { ResponseCookie } from '../client/http/cookies.js';
import type { HttpTimings } from '../client/http/timings.js';
import type { ResponseType } from './http-params.js';

/** Response body by type; null without a response, or where discarded. */
export type ResponseBody<Type extends ResponseType> = {
  /** Text, decoded as UTF-8. */
  readonly text: string | null;
  /** Bytes, decompressed. */
  readonly binary: ArrayBuffer | null;
  /** Nothing: the body was discarded. */
  readonly none: null;
}[Type];

/** Request of a response; after redirects the last one. */
export interface SentRequest {
  /** Method, in capitals. */
  readonly method: string;
  /** Address, with its query. */
  readonly url: string;
  /** All values of each header by its name, such as `Content-Type`. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Body as text; empty without one. */
  readonly body: string;
  /** Cookies sent, by name. */
  readonly cookies: Readonly<Record<string, readonly { readonly name: string; readonly value: string }[]>>;
}

/** Result of a request, like k6's `Response`. A failed request returns one too: check `status` or `error`. */
export interface Response<Type extends ResponseType = 'text'> {
  /** 0 without a response. */
  readonly status: number;
  /** Status with its text, such as `'200 OK'`. */
  readonly status_text: string;
  /** Body by `responseType`; null without a response. */
  readonly body: ResponseBody<Type>;
  /** Headers by names such as `Content-Type`. Repeated values are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Cookies set by this response. */
  readonly cookies: Readonly<Record<string, readonly ResponseCookie[]>>;
  /** Reason for a missing response; empty otherwise. */
  readonly error: string;
  /** k6's error code, such as 1212 (refused), 1050 (timeout) or 1404. 0 without an error. */
  readonly error_code: number;
  /** URL of the response, after redirects. */
  readonly url: string;
  /** Request that was answered. */
  readonly request: SentRequest;
  /** Milliseconds. */
  readonly timings: HttpTimings;
  /** HTTP version, such as `'HTTP/1.1'`. */
  readonly proto: string;
  /** Address of the server; empty without a connection. */
  readonly remote_ip: string;
  /** Port of the server; 0 without a connection. */
  readonly remote_port: number;
  /**
   * Parses the body as JSON, or a part of it. The selector has keys and indexes separated by dots (`'data.0.id'`), `#`
   * for the length of a list, and `#.key` for that key of each element. Undefined where missing. Throws where the body
   * is not JSON.
   */
  json<Value = unknown>(selector?: string): Value;
}
