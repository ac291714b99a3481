/** Blocks that nobody has, in the order in which they were left. */
export interface LeftBlocks {
  readonly size: number;
  add(hash: number): void;
  has(hash: number): boolean;
  remove(hash: number): void;
  /** Takes away the one that was left longest ago. */
  shift(): number | undefined;
}

/** Entries of the queue that are kept although they count no more, beside as many as do. */
const MOST_STALE = 1024;

/**
 * A queue whose entries can be taken out from the middle, all in constant time on average. (A Set is not enough: it walks over everything
 * that was deleted at its beginning each time it is asked for its first.)
 */
export function leftBlocks(): LeftBlocks {
  /** Hash → where its entry is; earlier ones of the same hash count no more. */
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
