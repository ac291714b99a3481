/** Growable list of numbers, 8 bytes each. */
export interface NumberList {
  readonly size: number;
  push(value: number): void;
  get(index: number): number;
  /** Copies it to shared memory, in the given order. */
  toShared(order?: Uint32Array): Float64Array;
  /** Copies integers below 2³² to shared memory, in half the space. */
  toSharedWhole(): Uint32Array;
}

/** Creates an empty list. */
export function newNumberList(): NumberList {
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
