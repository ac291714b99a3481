import type { CardBatchingOptions } from './card-limits.js';
import { type KvBlocks, kvBlocks } from './kv-blocks.js';
import type { Sequence } from './schedule.js';
import type { ServedSequence } from './vllm-sequence.js';

/** Key-value cache of an engine, in terms of its sequences. */
export class SequenceBlocks<S extends Sequence> {
  readonly cache: KvBlocks;
  /** Prompt tokens looked up in the prefix cache, and found there. */
  readonly counts = { prefixQueries: 0, prefixHits: 0 };
  readonly #blockSize: number;
  readonly #prefixCaching: boolean;
  readonly #chunkedPrefill: boolean;

  constructor({ blocks, blockSize, prefixCaching, chunkedPrefill }: CardBatchingOptions) {
    this.cache = kvBlocks(blocks);
    this.#blockSize = blockSize;
    this.#prefixCaching = prefixCaching;
    this.#chunkedPrefill = chunkedPrefill;
  }

  /** Share of the cache in use. */
  get usage(): number {
    return 1 - this.cache.free / this.cache.capacity;
  }

  /** Gives a waiting sequence its first blocks. Returns its tokens computed now, 0 if it does not fit. */
  admit(next: ServedSequence<S>, budget: number): number {
    const total = next.sequence.promptTokens + next.emitted;
    // At least one token has to be computed, or there would be nothing to go on from.
    const most = Math.floor((total - 1) / this.#blockSize);
    const found = this.#prefixCaching ? this.cache.find(next.hashes, most) : 0;
    const cached = found * this.#blockSize;
    const missing = total - cached;
    if (!this.#chunkedPrefill && missing > budget) return 0;
    const tokens = Math.min(missing, budget);
    if (!this.cache.open(next.holding, next.hashes, found, this.#blocksFor(cached + tokens))) return 0;
    if (this.#prefixCaching && !next.preempted) {
      this.counts.prefixQueries += total;
      this.counts.prefixHits += cached;
      next.sequence.onCached?.(cached);
    }
    next.computed = cached;
    return tokens;
  }

  /** Gives a running sequence the blocks for its next tokens. False if too few are free. */
  grow({ holding, computed }: ServedSequence<S>, tokens: number): boolean {
    return this.cache.grow(holding, this.#blocksFor(computed + tokens));
  }

  /** Makes a sequence's computed blocks available to others. */
  offer({ holding, hashes, computed }: ServedSequence<S>): void {
    if (this.#prefixCaching) this.cache.offer(holding, hashes, Math.floor(computed / this.#blockSize));
  }

  /** Frees a sequence's blocks; those computed stay in the prefix cache. */
  release(each: ServedSequence<S>): void {
    this.offer(each);
    this.cache.release(each.holding);
  }

  #blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.#blockSize);
  }
}
