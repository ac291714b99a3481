/** Entry with a due time. */
export interface Due {
  dueAt: number;
  /** Breaks ties: the lower goes first. */
  readonly order: number;
}

/** Priority queue of entries, the soonest due first. */
export interface PriorityQueue<T extends Due> {
  add(entry: T): void;
  peek(): T | undefined;
  /** Removes the first entry. */
  drop(): void;
  /** Moves the first entry to its place after its `dueAt` was raised. Half the work of `drop` and `add`. */
  settle(): void;
}

/** Creates a priority queue as a binary heap. */
export function priorityQueue<T extends Due>(): PriorityQueue<T> {
  const heap: T[] = [];
  const before = (a: T, b: T) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);

  function sink(): void {
    const entry = heap[0]!;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, entry)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = entry;
  }

  return {
    add(entry) {
      let hole = heap.length;
      heap.push(entry);
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (!before(entry, heap[parent]!)) break;
        heap[hole] = heap[parent]!;
        hole = parent;
      }
      heap[hole] = entry;
    },
    peek: () => heap[0],
    drop() {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
      sink();
    },
    settle: sink,
  };
}
