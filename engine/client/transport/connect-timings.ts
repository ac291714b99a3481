/** When a socket was opened, step by step; 0 for a step that it did not take. */
export interface Opening {
  readonly startedAt: number;
  /** The host's name was looked up, or the proxy's. */
  readonly lookedUpAt: number;
  /** TCP was connected; with a proxy in between, the way through it was open. */
  readonly connectedAt: number;
  /** TLS was agreed on. */
  readonly securedAt: number;
}
