/** What a schedule needs to know of a request; the object itself is the sequence's identity. */
export interface Sequence {
  readonly promptTokens: number;
  /** How many tokens it generates before it ends, at least 1; those that no event carries (end of sequence) included. */
  readonly tokens: number;
}

/** One token, delivered. */
export interface TokenEvent<S> {
  readonly sequence: S;
  /** 0 for the first token. */
  readonly index: number;
  /** When it was due, on the clock of the caller. */
  readonly at: number;
  readonly last: boolean;
}

/** Says when tokens are due. Time is an argument, so that real and virtual clocks can drive it alike. */
export interface Schedule<S> {
  /** Forgets a sequence, wherever it stands. One that is unknown or has ended is no error. */
  cancel(sequence: S): void;
  /** When `advance` next has something to do; undefined while it is idle. */
  nextEventAt(): number | undefined;
  /** Every token due up to and including `now`, in the order of time. */
  advance(now: number): readonly TokenEvent<S>[];
}
