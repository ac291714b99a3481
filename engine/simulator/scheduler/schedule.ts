import type { DraftCounts } from './speculation.js';

/** Request as the schedule sees it. The object itself is the sequence's identity. */
export interface Sequence {
  readonly promptTokens: number;
  /** Tokens to generate, at least 1. Includes those that no event carries (end of sequence). */
  readonly tokens: number;
  /**
   * Hashes of its blocks for the prefix cache, see promptBlocks. Those of its prompt and, if known beforehand, of its
   * answer. Without them nothing is shared.
   */
  readonly promptBlocks?: readonly number[] | undefined;
  /** Callback for its prompt tokens found in the prefix cache. */
  readonly onCached?: ((tokens: number) => void) | undefined;
}

/** Delivery of a token, or of several at once. */
export interface TokenEvent<S> {
  readonly sequence: S;
  /** Index of the token, 0 for the first. Of several, that of the last. */
  readonly index: number;
  /** Number of tokens; default 1. */
  readonly tokens?: number;
  /** Due time, on the clock of the caller. */
  readonly at: number;
  readonly last: boolean;
}

/** Tokens of one step, usually one per running sequence. Steps count from 0. */
export interface StepEvent<S> {
  /** End of the step, on the clock of the caller. */
  readonly at: number;
  /** Tokens of all sequences together. */
  readonly tokens: number;
  /** Sequences that got their first token. */
  readonly first: readonly S[];
  /** Sequences that got their last token. */
  readonly last: readonly S[];
  /** Sequences that got a token after steps without one. `after` is the step of their previous token. */
  readonly resumed: readonly { readonly sequence: S; readonly after: number }[];
  /** Process of the front-end that sent the tokens; default 0. Each sends its part of every step. */
  readonly lane?: number;
}

/** Schedule of due tokens. Time is an argument, so that real and virtual clocks can drive it. */
export interface Schedule<S> {
  /** Removes a sequence in any state. Unknown and finished ones are ignored. */
  cancel(sequence: S): void;
  /** Time at which `advance` next has work; undefined while idle. */
  nextEventAt(): number | undefined;
  /** Tokens due up to and including `now`, in order of time. */
  advance(now: number): readonly TokenEvent<S>[];
}

/** Current and cumulative load of an engine. */
export interface BatchLoad {
  readonly running: number;
  readonly waiting: number;
  /** Share of the key-value cache in use, 1 is all. */
  readonly cacheUsage: number;
  /** Number of preemptions so far. */
  readonly preemptions: number;
  /** Prompt tokens looked up in the prefix cache, and those found. */
  readonly prefixQueries: number;
  readonly prefixHits: number;
  readonly generationTokens: number;
  /** Sequences that have got all their tokens. */
  readonly finished: number;
  /** Present where drafts are checked. */
  readonly drafted?: DraftCounts;
}

/** Schedule that sequences join at the end of the running step. */
export interface BatchSchedule<S> extends Schedule<S> {
  readonly load: BatchLoad;
  /** Adds a sequence that arrives at `at`. Arrivals must come in order of time. */
  submit(sequence: S, at: number): void;
}

/** Schedule that also reports whole steps, cheaper than single tokens. */
export interface CardSchedule<S> extends BatchSchedule<S> {
  /** Steps that end up to and including `now`. `advance` does not return their tokens again. */
  advanceSteps(now: number): readonly StepEvent<S>[];
}
