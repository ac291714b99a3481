import { combineSeeds, randomSource, shuffled } from '../random.js';
import { type PlainWords, plainWords } from '../tokens/plain-words.js';
import { openTokenizer } from '../tokens/tokenizer.js';
import { readTokenizerFile, refuse } from '../tokens/tokenizer-file.js';
import type { Drawer } from './dataset.js';
import { FILLER_WORDS } from './filler.js';
import { type LengthDraw, type LengthText, readLength } from './lengths.js';

/** How long prompts and answers are to be; see engine/api/data. */
export interface SyntheticOptions {
  readonly input: LengthText;
  readonly output?: LengthText | undefined;
  readonly sharedPrefix?: number | undefined;
}

/** One prompt that was made. */
interface SyntheticPrompt {
  readonly text: string;
  readonly ids: readonly number[];
  readonly maxTokens: number | undefined;
}

/** One VU's prompts. */
export interface Synthetic {
  /** Whether lengths are those of a tokenizer, or of common words that are nearly always one token. */
  readonly exact: boolean;
  draw(): SyntheticPrompt;
}

/** Fewer words than this are too few to tell prompts apart. */
const FEWEST = 64;

/** Where no tokenizer says them: ids that are common text in every vocabulary, beyond those of single bytes. */
const FIRST_ID = 1000;

/** So many words at a prompt's beginning are its number. */
const DIGITS = 4;

/** The prompts of one thread: each tokenizer is looked through once, however many VUs draw. */
export class Synthetics {
  readonly #seed: number;
  readonly #words = new Map<string, PlainWords>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * A VU's own view of prompts that are made as they are drawn. What an iteration draws is decided by its number and the
   * seed, whoever runs it. `tokenizer` is a path that can be opened; where there is `time` for it, it is looked through
   * at once, else it is only seen to be one. Throws a TypeError for what makes no sense.
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

  /**
   * The words of which prompts are made: those that are one token each for a tokenizer, or nearly always where none is
   * named. Throws a UserError for one that has too few of them.
   */
  wordsOf(tokenizer: string | undefined): PlainWords {
    const known = this.#words.get(tokenizer ?? '');
    if (known) return known;
    const found = tokenizer === undefined ? commonWords() : plainWords(openTokenizer(tokenizer));
    if (tokenizer !== undefined && found.words.length < FEWEST) {
      throw refuse(
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
 * Writes a prompt's number over its first words, the digit that differs from one iteration to the next first: so no two
 * prompts of a scenario begin alike for long, and none is another's, where they have as many words as there are digits.
 */
function number(own: number[], base: number, order: Uint32Array, position: number, draws: number): void {
  let rest = position;
  for (let digit = 0; digit < Math.min(DIGITS, own.length); digit += 1) {
    const value = digit === DIGITS - 1 ? draws : rest;
    own[digit] = order[value % base] ?? 0;
    rest = Math.floor(rest / base);
  }
}

/** The iteration that draws, and how often it has drawn before; outside of iterations as if from the last one backwards. */
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
