import { configError } from '../errors.js';
import { combineSeeds, randomSource, shuffled } from '../random.js';
import { type PlainWords, plainWords } from '../tokens/plain-words.js';
import { openTokenizer } from '../tokens/tokenizer.js';
import { readTokenizerFile } from '../tokens/tokenizer-file.js';
import type { Drawer } from './dataset.js';
import { FILLER_WORDS } from './filler.js';
import { KeyedTexts } from './keyed-text.js';
import { type LengthDraw, type LengthText, readLength } from './lengths.js';

/** Lengths of prompts and answers; see engine/api/data. */
export interface SyntheticOptions {
  readonly input: LengthText;
  readonly output?: LengthText | undefined;
  readonly sharedPrefix?: number | undefined;
}

/** Generated prompt. */
interface SyntheticPrompt {
  readonly text: string;
  readonly ids: readonly number[];
  readonly maxTokens: number | undefined;
}

/** Prompt generator of one VU. */
export interface Synthetic {
  /** True for lengths by a tokenizer, false for an estimate. */
  readonly exact: boolean;
  draw(): SyntheticPrompt;
}

/** Fewest words that make prompts distinct. */
const FEWEST = 64;

/** First token id without a tokenizer. Common text in every vocabulary, above the single bytes. */
const FIRST_ID = 1000;

/** Words at the beginning of a prompt that encode its number. */
const DIGITS = 4;

/** Prompt generators of one thread. Each tokenizer is scanned once for all its VUs. */
export class Synthetics {
  readonly #seed: number;
  readonly #words = new Map<string, PlainWords>();
  readonly #texts = new Map<string, KeyedTexts>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Creates a VU's prompt generator. An iteration's number and the seed decide its draws, on any worker. `tokenizer` is
   * a path; it is scanned at once where there is `time`, else only validated. Throws a TypeError for invalid options.
   */
  open(options: SyntheticOptions, tokenizer: string | undefined, time: boolean, drawer: Drawer): Synthetic {
    const { input, output, prefix } = read(options);
    const { scenario } = drawer;
    const seed = this.#seed;
    const next = turnsOf(drawer);
    const make = () => {
      const vocabulary = this.wordsOf(tokenizer);
      const { words } = vocabulary;
      const shared = spread(prefix, words.length, randomSource(combineSeeds(seed, 'shared prefix')));
      const text = shared.map((word) => `${words[word]} `).join('');
      return { ...vocabulary, shared, text, order: shuffled(words.length, combineSeeds(seed, 'synthetic', scenario)) };
    };
    let made: ReturnType<typeof make> | undefined;
    if (time) made = make();
    else if (tokenizer !== undefined) readTokenizerFile(tokenizer);
    return {
      exact: tokenizer !== undefined,
      draw() {
        made ??= make();
        const { words, firstIds, laterIds, shared, text, order } = made;
        const { position, draws } = next();
        const random = randomSource(combineSeeds(seed, 'synthetic', scenario, position, draws));
        const own = spread(input(random), words.length, random);
        number(own, words.length, order, position, draws);
        return {
          text: text + own.map((word) => words[word]).join(' '),
          get ids() {
            return [...shared, ...own].map((word, at) => (at === 0 ? firstIds : laterIds)[word] ?? 0);
          },
          maxTokens: output?.(random),
        };
      },
    };
  }

  /** Texts by their keys, of the tokenizer's words. */
  textsOf(tokenizer: string | undefined): KeyedTexts {
    const known = this.#texts.get(tokenizer ?? '');
    if (known) return known;
    const texts = new KeyedTexts(this.#seed, this.wordsOf(tokenizer).words);
    this.#texts.set(tokenizer ?? '', texts);
    return texts;
  }

  /**
   * Vocabulary of prompts: words of one token each. Without a tokenizer that holds nearly always. Throws a UserError
   * for a tokenizer with too few of them.
   */
  wordsOf(tokenizer: string | undefined): PlainWords {
    const known = this.#words.get(tokenizer ?? '');
    if (known) return known;
    const found = tokenizer === undefined ? commonWords() : plainWords(openTokenizer(tokenizer));
    if (tokenizer !== undefined && found.words.length < FEWEST) {
      throw configError(
        tokenizer,
        `its vocabulary has ${found.words.length} English words that are always one token; prompts of given lengths need ${FEWEST}`,
        'leave the tokenizer out, and lengths are an estimate; or use a data set',
      );
    }
    this.#words.set(tokenizer ?? '', found);
    return found;
  }
}

function commonWords(): PlainWords {
  const ids = FILLER_WORDS.map((_, index) => FIRST_ID + index);
  return { words: FILLER_WORDS, firstIds: ids, laterIds: ids };
}

function read({ input, output, sharedPrefix: prefix = 0 }: SyntheticOptions): {
  readonly input: LengthDraw;
  readonly output: LengthDraw | undefined;
  readonly prefix: number;
} {
  if (!Number.isInteger(prefix) || prefix < 0) {
    const expected = 'a whole number of tokens, 0 or more';
    throw new TypeError(`synthetic: sharedPrefix: expected ${expected}, got ${JSON.stringify(prefix)}`);
  }
  return {
    input: readLength('synthetic: input', input),
    output: output === undefined ? undefined : readLength('synthetic: output', output),
    prefix,
  };
}

function spread(length: number, words: number, random: () => number): number[] {
  return Array.from({ length }, () => Math.floor(random() * words));
}

/**
 * Writes a prompt's number over its first words, the lowest digit first. So no two prompts of a scenario share more
 * than a short prefix, and none equals another, where they have as many words as there are digits.
 */
function number(own: number[], base: number, order: Uint32Array, position: number, draws: number): void {
  let rest = position;
  for (let digit = 0; digit < Math.min(DIGITS, own.length); digit += 1) {
    const value = digit === DIGITS - 1 ? draws : rest;
    own[digit] = order[value % base] ?? 0;
    rest = Math.floor(rest / base);
  }
}

/** Counts the draws of the current iteration. Outside of iterations positions descend from the largest number. */
function turnsOf({ vu, vus, iteration }: Drawer): () => { readonly position: number; readonly draws: number } {
  let running: number | undefined;
  let draws = 0;
  let outside = 0;
  return () => {
    const now = iteration();
    if (now === undefined) {
      outside += 1;
      return { position: LAST - vu - (outside - 1) * vus, draws: 0 };
    }
    draws = now === running ? draws + 1 : 0;
    running = now;
    return { position: now, draws };
  };
}

const LAST = 2 ** 31 - 1;
