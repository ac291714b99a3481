/** Source of a run's output token counts. */
export interface TokenOrigin {
  /** By the server, by the model's tokenizer, as events, or not everywhere alike. */
  readonly tokenSource: 'usage' | 'tokenizer' | 'events' | 'mixed' | 'none';
  /** Requests whose output tokens were counted so. */
  readonly countedBy?: { readonly usage: number; readonly tokenizer: number; readonly events: number };
  /** Requests with impossible counts of output tokens, by reason and replacement. */
  readonly disbelieved?: readonly { readonly reason: string; readonly by: string; readonly count: number }[];
  /** Requests with impossible counts of input tokens. */
  readonly inputDisbelieved?: number;
  /** Streamed answers, and those in one piece, without TPOT and ITL. */
  readonly streams?: { readonly all: number; readonly inOnePiece: number };
  /** Tokenizer's part in the counts; absent where there was none. */
  readonly tokenizer?: {
    /** Answers whose tokens it should have counted, and for which events were counted, because too many were waiting. */
    readonly skipped: number;
    /** A sample of the answers whose tokens the server told, counted as well: how many, and the tokens by either. */
    readonly checked: { readonly answers: number; readonly usage: number; readonly tokens: number };
  };
}
