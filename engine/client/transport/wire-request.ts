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
