import type { HistogramDelta } from './histogram-delta.js';

/** Distribution packed for storage: two or three bytes per bucket. */
export interface PackedDelta extends Omit<HistogramDelta, 'indexes' | 'counts'> {
  readonly bytes: Uint8Array;
  /** Place of its buckets in the bytes. */
  readonly from: number;
  readonly to: number;
}

/** Packs buckets in ascending order, as distances and counts. */
export function pack({ indexes, counts, ...figures }: HistogramDelta): PackedDelta {
  let before = 0;
  let size = 0;
  for (let i = 0; i < indexes.length; i += 1) {
    if (size + 2 * LONGEST > scratch.length) scratch = grown(scratch);
    const index = indexes[i] ?? 0;
    size = append(scratch, size, index - before);
    size = append(scratch, size, counts[i] ?? 0);
    before = index;
  }
  return { ...figures, bytes: scratch.slice(0, size), from: 0, to: size };
}

/** Calls `visit` for each bucket in ascending order, without unpacking. */
export function eachBucket({ bytes, from, to }: PackedDelta, visit: (index: number, count: number) => void): void {
  let index = 0;
  let at = from;
  const next = () => {
    const first = bytes[at] ?? 0;
    if (first < 128) {
      at += 1;
      return first;
    }
    let value = 0;
    let scale = 1;
    for (; (bytes[at] ?? 0) >= 128; at += 1, scale *= 128) value += ((bytes[at] ?? 0) - 128) * scale;
    value += (bytes[at] ?? 0) * scale;
    at += 1;
    return value;
  };
  while (at < to) {
    index += next();
    visit(index, next());
  }
}

/** Most bytes of one integer. All are written into one place. */
const LONGEST = 8;
let scratch = new Uint8Array(1 << 14);

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}

/**
 * Appends an unsigned integer as LEB128 at `at`; returns the next place. Seven bits per byte, the lowest first; all but
 * the last have the eighth bit set.
 */
function append(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let next = at;
  for (; rest >= 128; rest = Math.floor(rest / 128), next += 1) bytes[next] = (rest % 128) + 128;
  bytes[next] = rest;
  return next + 1;
}
