/** A list of numbers that grows, in 8 bytes for each. */
export interface NumberList {
  readonly size: number;
  push(value: number): void;
  get(index: number): number;
  /** A copy on shared memory, in another order of its elements if one is given. */
  toShared(order?: Uint32Array): Float64Array;
  /** The same of whole numbers below 2³², in half the memory. */
  toSharedWhole(): Uint32Array;
}

/** An empty list. */
export function growing(): NumberList {
  let values = new Float64Array(1024);
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(value) {
      if (size === values.length) {
        const larger = new Float64Array(2 * size);
        larger.set(values);
        values = larger;
      }
      values[size] = value;
      size += 1;
    },
    get: (index) => values[index] ?? Number.NaN,
    toShared(order) {
      const shared = new Float64Array(new SharedArrayBuffer(8 * size));
      if (order) for (let i = 0; i < size; i += 1) shared[i] = values[order[i] ?? 0] ?? Number.NaN;
      else shared.set(values.subarray(0, size));
      return shared;
    },
    toSharedWhole() {
      const shared = new Uint32Array(new SharedArrayBuffer(4 * size));
      shared.set(values.subarray(0, size));
      return shared;
    },
  };
}
