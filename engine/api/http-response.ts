import type { ResponseCookie } from '../client/http/cookies.js';
import type { HttpTimings } from '../client/http/timings.js';
import type { ResponseType } from './http-params.js';

/** A response's body in the form that was asked for; null without a response, or when it was thrown away. */
export type ResponseBody<Type extends ResponseType> = {
  readonly text: string | null;
  readonly binary: ArrayBuffer | null;
  readonly none: null;
}[Type];

/** The request that led to a response: the last one, where there were redirects. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** All values of each header by its name, such as `Content-Type`. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly cookies: Readonly<Record<string, readonly { readonly name: string; readonly value: string }[]>>;
}

/** What came of a request, as k6's `Response`. A request that failed has one too: look at `status` or `error`. */
export interface Response<Type extends ResponseType = 'text'> {
  /** 0 where there was no response. */
  readonly status: number;
  /** Such as `'200 OK'`. */
  readonly status_text: string;
  readonly body: ResponseBody<Type>;
  /** By their names such as `Content-Type`; values that came more than once are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The cookies that this response has set. */
  readonly cookies: Readonly<Record<string, readonly ResponseCookie[]>>;
  /** Why there was no response; empty otherwise. */
  readonly error: string;
  /** k6's code of what went wrong, such as 1212 (refused), 1050 (timeout) or 1404; 0 when nothing did. */
  readonly error_code: number;
  /** Where the response came from, after redirects. */
  readonly url: string;
  readonly request: SentRequest;
  /** Milliseconds. */
  readonly timings: HttpTimings;
  /** Such as `'HTTP/1.1'`. */
  readonly proto: string;
  readonly remote_ip: string;
  readonly remote_port: number;
  /**
   * The body read as JSON, or the part of it that a selector such as `'data.0.id'` names: keys and indexes by dots, `#` for
   * the length of a list, and `#.key` for that key of each of its elements. Undefined where there is none. Throws when the
   * body is not JSON.
   */
  json<Value = unknown>(selector?: string): Value;
}
