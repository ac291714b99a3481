import type { Holding } from './kv-blocks.js';

/** Sequence that gets a token in each step. Its fields are updated on demand, not in each step. */
export interface Decoder {
  readonly holding: Holding;
  /** Tokens whose keys and values are in the cache. */
  computed: number;
  /** Tokens generated so far, and in total. */
  emitted: number;
  readonly tokens: number;
  /** Step of its last token. */
  emittedIn: number;
  /** Step of the set at which its fields were current; undefined while it is in none. */
  since: number | undefined;
}

/**
 * Set of sequences that all get one token per step. A step needs sums only, so that its cost does not depend on the
 * size: the number of sequences, their tokens, how many begin a new block, and which get their last token.
 */
export interface Decoders<D> {
  readonly size: number;
  /** Tokens of all of them in the cache. */
  readonly context: number;
  /** Sequences that begin a new block in the next step. */
  readonly crossing: number;
  add(decoder: D, step: number): void;
  /** Removes one. `reserved`: during a step, which has already given it the block that it may need. */
  remove(decoder: D, reserved: boolean): void;
  /** Removes all. */
  clear(all: Iterable<D>): void;
  /** Tokens of one so far. */
  emitted(decoder: D): number;
  /** Ends step `step`. Removes and returns the sequences that got their last token. */
  pass(step: number): readonly D[];
}

export function decoders<D extends Decoder>(blockSize: number): Decoders<D> {
  let size = 0;
  let context = 0;
  /** Steps that the set has passed, and the last of them as its caller counts. */
  let passed = 0;
  let latest = -1;
  /** Counts by the step after which a sequence begins a new block, modulo the block size. */
  const crossings = new Int32Array(blockSize);
  /** Step of the set → sequences that get their last token in it. */
  const ending = new Map<number, D[]>();
  const slotOf = (computed: number, at: number) => (((computed - at) % blockSize) + blockSize) % blockSize;

  function settle(decoder: D, reserved: number): void {
    const steps = passed - decoder.since!;
    decoder.computed += steps;
    decoder.emitted += steps;
    if (steps > 0) decoder.emittedIn = latest;
    decoder.holding.blocks = Math.ceil((decoder.computed + reserved) / blockSize);
    decoder.since = undefined;
  }

  function leave(decoder: D, reserved: number): void {
    settle(decoder, reserved);
    size -= 1;
    context -= decoder.computed;
    crossings[slotOf(decoder.computed, passed)]! -= 1;
  }

  return {
    get size() {
      return size;
    },
    get context() {
      return context;
    },
    get crossing() {
      return crossings[slotOf(0, passed)]!;
    },
    add(decoder, step) {
      latest = step;
      decoder.since = passed;
      size += 1;
      context += decoder.computed;
      crossings[slotOf(decoder.computed, passed)]! += 1;
      const end = passed + decoder.tokens - decoder.emitted;
      const others = ending.get(end);
      if (others) others.push(decoder);
      else ending.set(end, [decoder]);
    },
    remove(decoder, reserved) {
      const end = decoder.since! + decoder.tokens - decoder.emitted;
      const others = ending.get(end)!.filter((other) => other !== decoder);
      if (others.length > 0) ending.set(end, others);
      else ending.delete(end);
      leave(decoder, reserved ? 1 : 0);
    },
    clear(all) {
      for (const decoder of all) if (decoder.since !== undefined) settle(decoder, 0);
      size = 0;
      context = 0;
      crossings.fill(0);
      ending.clear();
    },
    emitted: (decoder) => decoder.emitted + passed - decoder.since!,
    pass(step) {
      passed += 1;
      latest = step;
      context += size;
      const ended = ending.get(passed) ?? [];
      ending.delete(passed);
      for (const decoder of ended) leave(decoder, 0);
      return ended;
    },
  };
}
