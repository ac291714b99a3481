import { leftBlocks } from './free-block-lru.js';

/** The blocks of the key-value cache that one sequence has. */
export interface Holding {
  /** How many, shared ones included. */
  blocks: number;
  /** How many leading blocks of the prompt have been offered to the prefix cache or taken from it. */
  offered: number;
  /** Hashes of those blocks that stand in the prefix cache, in the order of the prompt. */
  readonly shared: number[];
}

/** A key-value cache in blocks of a fixed number of tokens, those of prompts shared by their content where they can be. */
export interface KvBlocks {
  readonly capacity: number;
  /** Blocks that no sequence has; what they hold of prompts may still be found. */
  readonly free: number;
  /** How many of the first `most` of these blocks can be found, without a gap. */
  find(hashes: readonly number[], most: number): number;
  /** Gives a sequence `blocks` blocks, of which the first `found` come from the cache; false where there are too few, and nothing changes. */
  open(holding: Holding, hashes: readonly number[], found: number, blocks: number): boolean;
  /** Gives a sequence more, up to `blocks` in all; false where there are too few. */
  grow(holding: Holding, blocks: number): boolean;
  /** Takes so many for sequences whose holdings are told of them later; false where there are too few. */
  take(count: number): boolean;
  /** Lets others find the first `computed` blocks of a prompt. */
  offer(holding: Holding, hashes: readonly number[], computed: number): void;
  release(holding: Holding): void;
}

/** A holding of nothing. */
export function noBlocks(): Holding {
  return { blocks: 0, offered: 0, shared: [] };
}

/**
 * Blocks as vLLM keeps them. A block of a prompt that has been computed in full is known by a hash, which stands for all tokens up to
 * its end. When the last sequence that has it leaves, it counts as free and can be found until its place is needed: blocks without
 * a hash are given away first, then the one that was left longest ago, and of a sequence the end before the beginning.
 */
export function kvBlocks(capacity: number): KvBlocks {
  /** Hash → how many sequences have the block. */
  const known = new Map<number, number>();
  /** Hashes of known blocks that no sequence has. */
  const left = leftBlocks();
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
        // Who computed the same at the same time keeps a copy of its own.
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
