import type { Speculation } from './speculation.js';

/** Batching limits of an engine on a card. */
export interface CardBatchingOptions {
  /** Blocks of the key-value cache. */
  readonly blocks: number;
  /** Tokens in a block. */
  readonly blockSize: number;
  /** Longest sequence, prompt and answer together. */
  readonly maxModelLen: number;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly chunkedPrefill: boolean;
  readonly prefixCaching: boolean;
  readonly speculation: Speculation | undefined;
  readonly stepCost: (work: CardStep) => number;
  /** Seed of draft acceptance. */
  readonly seed: number;
}

/** Work of one step, summed over its sequences. StepWork of engine/hardware, and the drafts. */
export interface CardStep {
  sequences: number;
  tokens: number;
  sampled: number;
  contextTokens: number;
  attended: number;
  prompts: number;
  /** Sequences that have drafts checked. */
  drafting: number;
}

/** Step without work. */
export function emptyStep(): CardStep {
  return { sequences: 0, tokens: 0, sampled: 0, contextTokens: 0, attended: 0, prompts: 0, drafting: 0 };
}

/** Longest sequence that always fits, prompt and answer together, in tokens. */
export function longestSequence({ maxModelLen, blocks, blockSize, speculation }: CardBatchingOptions): number {
  return Math.min(maxModelLen, blocks * blockSize - (speculation?.tokens ?? 0));
}
