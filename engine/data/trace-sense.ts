import type { NumberList } from './number-list.js';

/** Detected fact about a trace. A guess has a sentence. */
export interface Sensed {
  readonly value: number;
  readonly guess?: string;
}

/** Implausible requests a second: for times with fractions, and for whole ones. */
const [MANY, TOO_MANY] = [50, 200];

/** Implausibly few requests a second. */
const TOO_FEW = 0.01;

/** Range of seconds since 1970: the years 2001 to 2286. */
const EPOCH = [1e9, 1e10] as const;

/** Units of times since 1970. Number in a second, and length in milliseconds. */
const UNITS = [
  ['seconds', 1, 1000],
  ['microseconds', 1e6, 1e-3],
  ['nanoseconds', 1e9, 1e-6],
] as const;

/**
 * Detects the unit of a trace's times, in milliseconds. Milliseconds, unless seconds make more sense. `smallBlocks` is
 * true for hashes of 16 tokens, as in traces whose times are seconds.
 */
export function unitOf(at: NumberList, smallBlocks: boolean): Sensed {
  let [least, most, hasFractions] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false];
  for (let i = 0; i < at.size; i += 1) {
    const time = at.get(i);
    least = Math.min(least, time);
    most = Math.max(most, time);
    hasFractions ||= !Number.isInteger(time);
  }
  const span = most - least;
  const seconds = (why: string) => ({ value: 1000, guess: `its times are taken for seconds, for ${why}` });
  const epoch = UNITS.find(([, each]) => least >= EPOCH[0] * each && most < EPOCH[1] * each);
  if (epoch) {
    const [name, , value] = epoch;
    return { value, guess: `its times are taken for ${name}, for they are of our time as ${name} since 1970` };
  }
  if (span <= 0) return { value: 1 };
  const rate = ((at.size - 1) * 1000) / span;
  const read = `${at.size.toLocaleString('en')} requests would come within ${Number(span.toPrecision(4))} ms`;
  if (smallBlocks && rate / 1000 >= TOO_FEW)
    return seconds('its hashes are of 16 tokens, as those of Qwen-Bailian are');
  if (hasFractions && rate > MANY) return seconds(`as milliseconds ${read}`);
  if (rate <= TOO_MANY) return { value: 1 };
  return { value: 1, guess: `its times are taken for milliseconds, though ${read.replace('would ', '')}` };
}

/** Usual sizes of blocks, in tokens. */
const SIZES = [8, 16, 32, 64, 128, 256, 512, 1024, 2048];

/** Detects the tokens per hash from the number of hashes per input. */
export class BlockSense {
  // Sizes that fit all requests so far: a partial last block has a hash too, or none.
  #rounded = SIZES;
  #full = SIZES;
  #seen = false;

  /** Adds a request. */
  take(inputTokens: number, hashes: number): void {
    if (hashes === 0) return;
    this.#seen = true;
    this.#rounded = this.#rounded.filter((size) => Math.ceil(inputTokens / size) === hashes);
    this.#full = this.#full.filter((size) => Math.floor(inputTokens / size) === hashes);
  }

  /** Size of blocks: that of the trace's form where it fits. */
  size(form: number): Sensed {
    if (!this.#seen) return { value: form };
    const fitting = this.#rounded.length > 0 ? this.#rounded : this.#full;
    if (fitting.includes(form)) return { value: form };
    const [found] = fitting;
    if (found === undefined) {
      return { value: form, guess: `a hash is taken for ${form} tokens, though their number fits no size of blocks` };
    }
    return { value: found, guess: `a hash is taken for ${found} tokens, by their number` };
  }
}
