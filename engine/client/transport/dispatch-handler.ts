import type { EventPattern } from '../sse/event-pattern.js';

/** Body of a request: a text, bytes, or parts of it. */
export type RequestBytes = string | Uint8Array | readonly Uint8Array[];

/** Request as a connection sends it. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** By name, or names and values in turn. */
  readonly headers?: Readonly<Record<string, string | undefined>> | readonly string[];
  readonly body?: RequestBytes | null;
  /** Longest silence before the response, and within its body, in milliseconds. 0 for none. */
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
}

/** Headers of a request as names and values in turn. */
export function headerList(headers: WireRequest['headers'] = {}): readonly (string | undefined)[] {
  return isList(headers) ? headers : Object.entries(headers).flat();
}

function isList(headers: NonNullable<WireRequest['headers']>): headers is readonly string[] {
  return Array.isArray(headers);
}

/** Response headers by lower-case name, of either version of HTTP. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Receiver of the response to one request. */
export interface DispatchHandler {
  /** Called before the request is written, each time that it is. */
  onRequestStart?(): void;
  /** Called after the request was written. */
  onWritten?(): void;
  onResponseStart(status: number, headers: ReceivedHeaders, statusText: string): void;
  /**
   * Receives part of the body at `from`..`to` of a shared buffer. A view of each part would be a fifth of all garbage.
   * `at` is the instant of the read; the next read overwrites the bytes.
   */
  onBytes(bytes: Buffer, from: number, to: number, at: number): void;
  onResponseEnd(): void;
  onResponseError(error: Error): void;
  /** Pattern of further events, which may then be recognized by others. */
  pattern?(): EventPattern | undefined;
  /** Handles a recognized event in place of `onBytes`. Its text is at `from`..`to`. */
  onRecognized?(bytes: Buffer, from: number, to: number, at: number): void;
}
