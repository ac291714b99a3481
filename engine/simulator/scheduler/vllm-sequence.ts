import type { CardBatchingOptions } from './card-limits.js';
import type { Decoder } from './decoders.js';
import { type Holding, noBlocks } from './kv-blocks.js';
import type { Sequence } from './schedule.js';

/** Sequence in the scheduler of a card. */
export class ServedSequence<S extends Sequence> implements Decoder {
  readonly sequence: S;
  readonly arrivedAt: number;
  /** Hashes of its blocks, as far as known. */
  readonly hashes: readonly number[];
  readonly tokens: number;
  readonly holding: Holding = noBlocks();
  computed = 0;
  emitted = 0;
  emittedIn = -1;
  since: number | undefined = undefined;
  /** Tokens that the running step computes. */
  scheduled = 0;
  drafts = 0;
  preempted = false;
  state: 'waiting' | 'running' | 'gone' = 'waiting';

  constructor(sequence: S, arrivedAt: number) {
    this.sequence = sequence;
    this.arrivedAt = arrivedAt;
    this.tokens = sequence.tokens;
    this.hashes = sequence.promptBlocks ?? NONE;
  }

  /** Tokens to compute before it gets its next one. */
  get missing(): number {
    return this.sequence.promptTokens + this.emitted - this.computed;
  }
}

const NONE: readonly number[] = [];

/** Number of drafts to check for a sequence. Within the budget, and within the longest sequence. */
export function draftsOf<S extends Sequence>(
  { missing, computed }: ServedSequence<S>,
  budget: number,
  { speculation, maxModelLen }: CardBatchingOptions,
): number {
  if (!speculation || missing !== 1) return 0;
  return Math.min(speculation.tokens, budget - 1, Math.max(0, maxModelLen - computed - 1));
}
