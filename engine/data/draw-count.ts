/** Counts of drawn records, in memory shared by all threads. Two numbers, and one bit for each record. */
export type DrawCounts = Uint32Array;

const [DRAWS, DISTINCT, BITS] = [0, 1, 2];

/** Creates the counts for this many records. */
export function newDrawCounts(records: number): DrawCounts {
  const words = BITS + Math.ceil(records / 32);
  return new Uint32Array(new SharedArrayBuffer(4 * words));
}

/** Records a draw. */
export function recordDraw(counts: DrawCounts, record: number): void {
  Atomics.add(counts, DRAWS, 1);
  const word = BITS + (record >>> 5);
  const bit = 1 << (record & 31);
  // Nearly all draws of a long run are repeats: those need no second write.
  if (((counts[word] ?? 0) & bit) !== 0) return;
  if ((Atomics.or(counts, word, bit) & bit) === 0) Atomics.add(counts, DISTINCT, 1);
}

/** Draws and distinct records of a data set, over all threads. */
export function drawsOf(all: readonly DrawCounts[]): { readonly draws: number; readonly distinct: number } {
  const draws = all.reduce((sum, counts) => sum + (counts[DRAWS] ?? 0), 0);
  const [first, ...others] = all;
  if (!first || others.length === 0) return { draws, distinct: first?.[DISTINCT] ?? 0 };
  let distinct = 0;
  for (let word = BITS; word < first.length; word += 1) {
    distinct += ones(all.reduce((bits, counts) => bits | (counts[word] ?? 0), 0));
  }
  return { draws, distinct };
}

function ones(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}
