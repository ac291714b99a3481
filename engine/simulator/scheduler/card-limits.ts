import type { Speculation } from './speculation.js';

/** Everything about an engine on a card that decides how it batches. */
export interface CardBatchingOptions {
  /** Of the key-value cache. */
  readonly blocks: number;
  /** Tokens in a block. */
  readonly blockSize: number;
  /** The longest sequence, prompt and answer together. */
  readonly maxModelLen: number;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly chunkedPrefill: boolean;
  readonly prefixCaching: boolean;
  readonly speculation: Speculation | undefined;
  readonly stepCost: (work: CardStep) => number;
  /** Decides which drafts are accepted. */
  readonly seed: number;
}

/** What one step has to compute, summed over its sequences: StepWork of engine/hardware, and the drafts. */
export interface CardStep {
  sequences: number;
  tokens: number;
  sampled: number;
  contextTokens: number;
  attended: number;
  /** Sequences that have drafts checked. */
  drafting: number;
}

/** The longest sequence that fits whatever else there is, prompt and answer together, in tokens. */
export function longestSequence({ maxModelLen, blocks, blockSize, speculation }: CardBatchingOptions): number {
  return Math.min(maxModelLen, blocks * blockSize - (speculation?.tokens ?? 0));
}
