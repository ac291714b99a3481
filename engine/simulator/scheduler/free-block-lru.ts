/** Free blocks, in the order in which they were freed. */
export interface FreeBlockLru {
  readonly size: number;
  add(hash: number): void;
  has(hash: number): boolean;
  remove(hash: number): void;
  /** Removes the least recently freed block. */
  shift(): number | undefined;
}

/** Stale queue entries kept beyond the number of valid ones. */
const MOST_STALE = 1024;

/**
 * Creates a queue with removal from the middle, in amortized constant time. (A Set is not enough: each access to its
 * first entry walks over everything deleted at its beginning.)
 */
export function freeBlockLru(): FreeBlockLru {
  /** Hash → position of its valid entry. Earlier entries of a hash are stale. */
  const places = new Map<number, number>();
  let queue: number[] = [];
  let head = 0;

  function compact(): void {
    const kept = queue.filter((hash, i) => i >= head && places.get(hash) === i);
    queue = kept;
    head = 0;
    for (const [i, hash] of kept.entries()) places.set(hash, i);
  }

  return {
    get size() {
      return places.size;
    },
    add(hash) {
      if (queue.length > 2 * places.size + MOST_STALE) compact();
      places.set(hash, queue.length);
      queue.push(hash);
    },
    has: (hash) => places.has(hash),
    remove(hash) {
      places.delete(hash);
    },
    shift() {
      while (head < queue.length) {
        const hash = queue[head]!;
        const isCurrent = places.get(hash) === head;
        head += 1;
        if (!isCurrent) continue;
        places.delete(hash);
        return hash;
      }
      return undefined;
    },
  };
}
