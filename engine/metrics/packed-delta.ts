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
  const bytes: number[] = [];
  let before = 0;
  for (let i = 0; i < indexes.length; i += 1) {
    const index = indexes[i] ?? 0;
    append(bytes, index - before);
    append(bytes, counts[i] ?? 0);
    before = index;
  }
  return { ...figures, bytes: Uint8Array.from(bytes), from: 0, to: bytes.length };
}

/** Calls `visit` for each bucket in ascending order, without unpacking. */
export function eachBucket({ bytes, from, to }: PackedDelta, visit: (index: number, count: number) => void): void {
  let index = 0;
  let at = from;
  const next = () => {
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

/**
 * Appends an unsigned integer as LEB128. Seven bits per byte, the lowest first; all but the last have the eighth bit
 * set.
 */
function append(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
