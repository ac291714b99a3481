/** Source of a run's output token counts. */
export interface TokenOrigin {
  /** Source: server, tokenizer, events, or mixed. */
  readonly tokenSource: 'usage' | 'tokenizer' | 'events' | 'mixed' | 'none';
  /** Requests by the source of their output tokens. */
  readonly countedBy?: { readonly usage: number; readonly tokenizer: number; readonly events: number };
  /** Requests with impossible counts of output tokens, by reason and replacement. */
  readonly disbelieved?: readonly { readonly reason: string; readonly by: string; readonly count: number }[];
  /** Requests with impossible counts of input tokens. */
  readonly inputDisbelieved?: number;
  /** Streamed answers, without TPOT and ITL where in one piece. `heldBack` ones have 10 tokens or more. */
  readonly streams?: { readonly all: number; readonly inOnePiece: number; readonly heldBack: number };
  /** Tokenizer's part in the counts; absent where there was none. */
  readonly tokenizer?: {
    /** Answers left uncounted because too many were in flight. Their events were counted instead. */
    readonly skipped: number;
    /** Sample of answers with usage, counted by the tokenizer too. Number of answers, and tokens by either. */
    readonly checked: { readonly answers: number; readonly usage: number; readonly tokens: number };
  };
}
