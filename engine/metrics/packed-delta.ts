import type { HistogramDelta } from './histogram-delta.js';

/** A distribution that is kept rather than worked with: its buckets as bytes, some two or three for each. */
export interface PackedDelta extends Omit<HistogramDelta, 'indexes' | 'counts'> {
  readonly bytes: Uint8Array;
}

/** Buckets in ascending order, each as how far it is from the one before and how many samples it has. */
export function pack({ indexes, counts, ...figures }: HistogramDelta): PackedDelta {
  const bytes: number[] = [];
  let before = 0;
  for (let i = 0; i < indexes.length; i += 1) {
    const index = indexes[i] ?? 0;
    append(bytes, index - before);
    append(bytes, counts[i] ?? 0);
    before = index;
  }
  return { ...figures, bytes: Uint8Array.from(bytes) };
}

/** Tells each bucket and how many samples it has, in ascending order, without making anything of them. */
export function eachBucket({ bytes }: PackedDelta, tell: (index: number, count: number) => void): void {
  let index = 0;
  let at = 0;
  const next = () => {
    let value = 0;
    let scale = 1;
    for (; (bytes[at] ?? 0) >= 128; at += 1, scale *= 128) value += ((bytes[at] ?? 0) - 128) * scale;
    value += (bytes[at] ?? 0) * scale;
    at += 1;
    return value;
  };
  while (at < bytes.length) {
    index += next();
    tell(index, next());
  }
}

/** An integer from 0 as bytes of seven bits, the lowest first; all but the last have the eighth bit set (LEB128). */
function append(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
