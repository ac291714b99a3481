/** Steps of opening a socket, as instants; 0 for one not taken. */
export interface ConnectTimings {
  readonly startedAt: number;
  /** End of the DNS lookup, of the host or its proxy. */
  readonly lookedUpAt: number;
  /** TCP connected; with a proxy, the tunnel is open. */
  readonly connectedAt: number;
  /** End of the TLS handshake. */
  readonly securedAt: number;
}
