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
  /** Step of the set at which its fields were current. Undefined while it is in none. */
  since: number | undefined;
}

/**
 * Set of sequences that all get one token per step. A step needs sums only, so that its cost does not depend on the
 * size: the number of sequences, their tokens, how many begin a new block, and which get their last token.
 */
export class DecoderSet<D extends Decoder> {
  readonly #blockSize: number;
  #size = 0;
  #context = 0;
  /** Steps that the set has passed, and the caller's last step. */
  #passed = 0;
  #latest = -1;
  /** Sequences by the step that begins their new block, modulo block size. */
  readonly #crossings: Int32Array;
  /** Step of the set → sequences that get their last token in it. */
  readonly #ending = new Map<number, D[]>();

  constructor(blockSize: number) {
    this.#blockSize = blockSize;
    this.#crossings = new Int32Array(blockSize);
  }

  get size(): number {
    return this.#size;
  }

  /** Tokens of all of them in the cache. */
  get context(): number {
    return this.#context;
  }

  /** Sequences that begin a new block in the next step. */
  get crossing(): number {
    return this.#crossings[this.#slotOf(0)]!;
  }

  add(decoder: D, step: number): void {
    this.#latest = step;
    decoder.since = this.#passed;
    this.#size += 1;
    this.#context += decoder.computed;
    this.#crossings[this.#slotOf(decoder.computed)]! += 1;
    const end = this.#passed + decoder.tokens - decoder.emitted;
    const others = this.#ending.get(end);
    if (others) others.push(decoder);
    else this.#ending.set(end, [decoder]);
  }

  /** Removes one. `reserved`: during a step, which has already given it the block that it may need. */
  remove(decoder: D, reserved: boolean): void {
    const end = decoder.since! + decoder.tokens - decoder.emitted;
    const others = this.#ending.get(end)!.filter((other) => other !== decoder);
    if (others.length > 0) this.#ending.set(end, others);
    else this.#ending.delete(end);
    this.#leave(decoder, reserved ? 1 : 0);
  }

  /** Removes all. */
  clear(all: Iterable<D>): void {
    for (const decoder of all) if (decoder.since !== undefined) this.#settle(decoder, 0);
    this.#size = 0;
    this.#context = 0;
    this.#crossings.fill(0);
    this.#ending.clear();
  }

  /** Tokens of one so far. */
  emitted(decoder: D): number {
    return decoder.emitted + this.#passed - decoder.since!;
  }

  /** Ends step `step`. Removes and returns the sequences that got their last token. */
  pass(step: number): readonly D[] {
    this.#passed += 1;
    this.#latest = step;
    this.#context += this.#size;
    const ended = this.#ending.get(this.#passed) ?? [];
    this.#ending.delete(this.#passed);
    for (const decoder of ended) this.#leave(decoder, 0);
    return ended;
  }

  #slotOf(computed: number): number {
    return (((computed - this.#passed) % this.#blockSize) + this.#blockSize) % this.#blockSize;
  }

  #settle(decoder: D, reserved: number): void {
    const steps = this.#passed - decoder.since!;
    decoder.computed += steps;
    decoder.emitted += steps;
    if (steps > 0) decoder.emittedIn = this.#latest;
    decoder.holding.blocks = Math.ceil((decoder.computed + reserved) / this.#blockSize);
    decoder.since = undefined;
  }

  #leave(decoder: D, reserved: number): void {
    this.#settle(decoder, reserved);
    this.#size -= 1;
    this.#context -= decoder.computed;
    this.#crossings[this.#slotOf(decoder.computed)]! -= 1;
  }
}
