/**
 * Seeded random source of numbers in [0, 1): mulberry32. By T. Ettinger, public domain; its 2³² period is ample for
 * think times and shuffles.
 */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random source of combined seeds, made when it is first used. */
export function lazyRandom(...seeds: readonly (number | string)[]): () => number {
  let source: (() => number) | undefined;
  return () => {
    source ??= randomSource(combineSeeds(...seeds));
    return source();
  };
}

/** Standard normal deviate from two uniform ones. G. E. P. Box and M. E. Muller (1958). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Combines numbers and strings into one seed (FNV-1a). */
export function combineSeeds(...parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join('\0')) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/** Random permutation of 0 … size − 1 (Fisher and Yates). */
export function shuffled(size: number, seed: number): Uint32Array {
  const random = randomSource(seed);
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  for (let last = size - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}
