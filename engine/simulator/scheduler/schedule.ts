import type { DraftCounts } from './speculation.js';

/** What a schedule needs to know of a request; the object itself is the sequence's identity. */
export interface Sequence {
  readonly promptTokens: number;
  /** How many tokens it generates before it ends, at least 1; those that no event carries (end of sequence) included. */
  readonly tokens: number;
  /**
   * Hashes of its blocks, by which others find them in a prefix cache, see promptBlocks: of its prompt's and, where they are known
   * beforehand, of its answer's after them. Without them none is shared.
   */
  readonly promptBlocks?: readonly number[] | undefined;
}

/** A token, or several that came at once, delivered. */
export interface TokenEvent<S> {
  readonly sequence: S;
  /** 0 for the first token; of several the last one's. */
  readonly index: number;
  /** How many there are: 1 where it is not said. */
  readonly tokens?: number;
  /** When it was due, on the clock of the caller. */
  readonly at: number;
  readonly last: boolean;
}

/** All that one step has brought: a token for each sequence that runs, as a rule. Steps count from 0. */
export interface StepEvent<S> {
  /** When it ended, on the clock of the caller. */
  readonly at: number;
  /** Tokens of all sequences together. */
  readonly tokens: number;
  /** Sequences that got their first token. */
  readonly first: readonly S[];
  /** Sequences that got their last token. */
  readonly last: readonly S[];
  /** Sequences that got a token again after one or more steps without, and the step that brought the one before. */
  readonly resumed: readonly { readonly sequence: S; readonly after: number }[];
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

/** What an engine has to do, and what it has done since it began. */
export interface BatchLoad {
  readonly running: number;
  readonly waiting: number;
  /** Share of the key-value cache that sequences have, 1 is all. */
  readonly cacheUsage: number;
  /** How often a sequence lost its place. */
  readonly preemptions: number;
  /** Prompt tokens that were looked up in the prefix cache, and those found there. */
  readonly prefixQueries: number;
  readonly prefixHits: number;
  readonly generationTokens: number;
  /** Sequences that have got all their tokens. */
  readonly finished: number;
  /** Present where drafts are checked. */
  readonly drafted?: DraftCounts;
}

/** A schedule that sequences join at the end of the running step. */
export interface BatchSchedule<S> extends Schedule<S> {
  readonly load: BatchLoad;
  /** Takes a sequence that arrives at `at`; arrivals must come in order of time. */
  submit(sequence: S, at: number): void;
}

/** A schedule that also tells of whole steps, for whoever has no use for each single token. */
export interface CardSchedule<S> extends BatchSchedule<S> {
  /** Every step that ends up to and including `now`. What it tells of is not told by `advance` again. */
  advanceSteps(now: number): readonly StepEvent<S>[];
}
