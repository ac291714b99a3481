import { freeBlockLru } from './free-block-lru.js';

/** Blocks of the key-value cache that one sequence has. */
export interface Holding {
  /** Number of blocks, shared ones included. */
  blocks: number;
  /** Leading blocks of the prompt that are in the prefix cache. */
  offered: number;
  /** Hashes of those blocks, in the order of the prompt. */
  readonly shared: number[];
}

/** Key-value cache in fixed-size blocks, with prefix sharing by content. */
export interface KvBlocks {
  readonly capacity: number;
  /** Blocks that no sequence has; their contents may still be found. */
  readonly free: number;
  /** Leading blocks, up to `most`, that can be found without a gap. */
  find(hashes: readonly number[], most: number): number;
  /** Gives a sequence `blocks` blocks, the first `found` from the cache. False, without effect, if too few are free. */
  open(holding: Holding, hashes: readonly number[], found: number, blocks: number): boolean;
  /** Grows a sequence to `blocks` blocks; false if too few are free. */
  grow(holding: Holding, blocks: number): boolean;
  /** Takes blocks that are assigned to sequences later. False if too few are free. */
  take(count: number): boolean;
  /** Makes the first `computed` blocks of a prompt available to others. */
  offer(holding: Holding, hashes: readonly number[], computed: number): void;
  release(holding: Holding): void;
}

/** Empty holding. */
export function noBlocks(): Holding {
  return { blocks: 0, offered: 0, shared: [] };
}

/**
 * Cache of blocks as in vLLM. A fully computed block of a prompt is known by a hash of all tokens up to its end. When
 * its last sequence ends, it is free, but can be found until its place is needed: blocks without a hash are reused
 * first, then the least recently freed, and of one sequence the end before the beginning.
 */
export function kvBlocks(capacity: number): KvBlocks {
  /** Hash → number of sequences that have the block. */
  const known = new Map<number, number>();
  /** Hashes of known blocks that no sequence has. */
  const left = freeBlockLru();
  let free = capacity;

  function take(count: number): void {
    free -= count;
    while (left.size > free) known.delete(left.shift()!);
  }

  return {
    capacity,
    get free() {
      return free;
    },
    find(hashes, most) {
      let found = 0;
      while (found < most && found < hashes.length && known.has(hashes[found]!)) found += 1;
      return found;
    },
    open(holding, hashes, found, blocks) {
      let revived = 0;
      for (let i = 0; i < found; i += 1) if (left.has(hashes[i]!)) revived += 1;
      if (blocks - found + revived > free) return false;
      for (let i = 0; i < found; i += 1) {
        const hash = hashes[i]!;
        left.remove(hash);
        known.set(hash, known.get(hash)! + 1);
        holding.shared.push(hash);
      }
      holding.offered = found;
      holding.blocks = blocks;
      take(blocks - found + revived);
      return true;
    },
    grow(holding, blocks) {
      const more = blocks - holding.blocks;
      if (more <= 0) return true;
      if (more > free) return false;
      holding.blocks = blocks;
      take(more);
      return true;
    },
    take(count) {
      if (count > free) return false;
      take(count);
      return true;
    },
    offer(holding, hashes, computed) {
      for (; holding.offered < computed && holding.offered < hashes.length; holding.offered += 1) {
        const hash = hashes[holding.offered]!;
        // Sequences that computed equal blocks at one time keep their own copies.
        if (known.has(hash)) continue;
        known.set(hash, 1);
        holding.shared.push(hash);
      }
    },
    release(holding) {
      for (const hash of holding.shared.reverse()) {
        const others = known.get(hash)! - 1;
        known.set(hash, others);
        if (others === 0) left.add(hash);
        else free -= 1;
      }
      free += holding.blocks;
      Object.assign(holding, noBlocks());
      take(0);
    },
  };
}
