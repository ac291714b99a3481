import type { ConnectionOptions } from 'node:tls';
import type { HttpProxy } from './proxy.js';

/** Connection settings for one server. */
export interface Route {
  /** Scheme, host and port as the HTTP client needs them. */
  readonly origin: string;
  /** Host and port of the server, or its Unix socket's path. */
  readonly address: { readonly host: string; readonly port: number } | { readonly path: string };
  /** Address of this machine to start from. Default: the system's choice. */
  readonly localAddress?: string | undefined;
  readonly proxy: HttpProxy | undefined;
  /** TLS options; undefined for plain HTTP. */
  readonly tls: ConnectionOptions | undefined;
  /** True where HTTP/2 is offered to the server. */
  readonly offersHttp2: boolean;
  /** TLS options for a proxy over TLS. */
  readonly proxyTls: ConnectionOptions | undefined;
}
