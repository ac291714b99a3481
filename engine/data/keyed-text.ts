import { combineSeeds, randomSource } from '../random.js';

/** Most characters kept of texts that may be asked for again. */
const MOST_KEPT = 2 ** 25;

/** Texts of words by their keys, of which the latest are kept. */
export class KeyedTexts {
  readonly #seed: number;
  readonly #words: readonly string[];
  readonly #kept = new Map<string, string>();
  #size = 0;

  constructor(seed: number, words: readonly string[]) {
    this.#seed = seed;
    this.#words = words;
  }

  /** Text of `tokens` words for a key. A space follows each, so texts can be joined. */
  text(tokens: number, key: string): string {
    const name = `${tokens} ${key}`;
    const known = this.#kept.get(name);
    if (known !== undefined) {
      this.#kept.delete(name);
      this.#kept.set(name, known);
      return known;
    }
    const made = this.once(tokens, key);
    this.#kept.set(name, made);
    this.#size += made.length;
    for (const [oldest, text] of this.#kept) {
      if (this.#size <= MOST_KEPT || oldest === name) break;
      this.#kept.delete(oldest);
      this.#size -= text.length;
    }
    return made;
  }

  /** Text that is not asked for again. */
  once(tokens: number, key: string): string {
    const random = randomSource(combineSeeds(this.#seed, 'filler', key));
    const words = this.#words;
    const drawn = Array.from({ length: tokens }, () => words[Math.floor(random() * words.length)]);
    return tokens === 0 ? '' : `${drawn.join(' ')} `;
  }
}
