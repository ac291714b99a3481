/** Figures reported by a server at an instant. Null where it does not report one. */
export interface ServerFigures {
  /** Requests that are being computed, and those that wait. */
  readonly running: number;
  readonly waiting: number;
  /** Used share of the KV cache, 0 to 1. Of several engines, the fullest. */
  readonly kvCache: number | null;
  /** Preempted requests, since the server started. */
  readonly preemptions: number | null;
  /** Tokens looked up in the prefix cache, and found there. Since the server started. */
  readonly prefixQueries: number | null;
  readonly prefixHits: number | null;
  /** Output tokens, since the server started. */
  readonly generationTokens: number | null;
  /** Draft tokens of speculative decoding, and the accepted ones. Since the server started. */
  readonly draftTokens: number | null;
  readonly acceptedTokens: number | null;
}

/** Information that the servers under test report about themselves. */
export interface ServerInfo {
  /** Kind of server by the names of its metrics: `vLLM`. Absent in older records. */
  readonly server?: string;
  /** URL of the metrics; several are joined by commas. */
  readonly metricsUrl: string;
  readonly version: string | null;
  /** Configuration of the key-value cache. */
  readonly cacheConfig: Readonly<Record<string, string>> | null;
  /** Mean time of reading all pages once, and their size. The server's work for it is in its figures. */
  readonly scrape?: { readonly meanMs: number; readonly bytes: number };
}

/** The servers at the last look. */
export interface ServerState extends ServerInfo {
  /** Null where that look failed. */
  readonly figures: ServerFigures | null;
  /** Since the load started. */
  readonly preemptions: number | null;
  readonly prefixHitRate: number | null;
  readonly draftAcceptance: number | null;
}

/** A look at the servers, in seconds since the load started. */
export interface ServerPoint extends ServerFigures {
  readonly at: number;
}

/** The servers over the whole run. */
export interface ServerRecord extends ServerInfo {
  readonly preemptions: number | null;
  readonly prefixHitRate: number | null;
  /** Share of the drafted tokens that were right. */
  readonly draftAcceptance: number | null;
  readonly points: readonly ServerPoint[];
}
