import type { ChatMessage } from '../client/protocols/chat-messages.js';
import type { Draw } from './data.js';
import { outside } from './outside.js';

/**
 * Length in tokens: a number or a distribution. `512`; normally distributed, `{ mean: 512, stdev: 64, min: 100, max:
 * 1000 }`; or one of the strings `'uniform 100-500'`, `'normal 512 64'` and `'lognormal 512 300'`, the last two with
 * mean and standard deviation and optional bounds: `'lognormal 512 300 in 16-4096'`. Draws outside of the bounds are
 * repeated. Long-tailed lengths, as of real users, are lognormal.
 */
export type TokenLength =
  | number
  | string
  | { readonly mean: number; readonly stdev?: number; readonly min?: number; readonly max?: number };

/** Options of synthetic prompts. */
export interface SyntheticOptions {
  /** Tokens of a prompt, the shared prefix excluded. */
  readonly input: TokenLength;
  /** Most tokens of the answer: `maxTokens` of the request. */
  readonly output?: TokenLength;
  /** Tokens of a prefix shared by all prompts, for prefix caches. Default: 0. */
  readonly sharedPrefix?: number;
  /**
   * Sends `ignore_eos`, so that answers always reach `output`. vLLM, SGLang and others support it; OpenAI rejects it.
   * Default: false.
   */
  readonly ignoreEos?: boolean;
  /**
   * Path of the model's `tokenizer.json` or its folder. Relative to the scenario file. Default: the option `tokenizer`
   * of the run; without either, lengths are an estimate.
   */
  readonly tokenizer?: string;
}

/** Request fields of one prompt, for `complete`. */
export interface CompletionDraw<Prompt> {
  /** Prompt, as text or token ids. */
  readonly prompt: Prompt;
  /** Most tokens of the answer; undefined without `output`. */
  readonly maxTokens: number | undefined;
  /** Further fields of the body, such as `ignore_eos`. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
}

/** Generator of prompts. No two iterations of a scenario get the same prompt, or the same beginning. */
export interface Synthetic {
  /** True for lengths by a tokenizer. Otherwise prompts have words of one token each in common vocabularies. */
  readonly exact: boolean;
  /** Generates the next prompt as messages. */
  next(): ChatMessage[];
  /** Generates the next prompt as request fields: `chat(prompts.draw())`. */
  draw(): Draw & { readonly extraBody?: Readonly<Record<string, unknown>> };
  /** Generates the next prompt for `complete`, as text. */
  drawText(): CompletionDraw<string>;
  /**
   * Generates the next prompt for `complete`, as token ids. The server then reads exactly that many, with any model.
   */
  drawIds(): CompletionDraw<number[]>;
}

/**
 * Creates prompts of given lengths, in the init code. The number of an iteration and the seed decide its draws, on any
 * number of workers.
 *
 * ```ts
 * const prompts = synthetic({ input: 'lognormal 512 300 in 16-4096', output: 128, sharedPrefix: 256 });
 * export default async function () {
 *   await chat(prompts.draw());
 * }
 * ```
 */
export function synthetic(options: SyntheticOptions): Synthetic {
  return outside('synthetic', options);
}

/**
 * Makes a text of given length in tokens. Texts of one key begin with the same words, in all users and on all workers,
 * so they share their prefix. Without a key no two are alike. A length that is a distribution is
 * drawn. Its words are one token each for the `tokenizer` of the run or, without one, in common vocabularies.
 *
 * ```ts
 * await s.turn({ prompt: filler(10_000, 'repository 7') + filler('lognormal 4000 3000 in 16-50000') });
 * ```
 */
export function filler(tokens: TokenLength, key?: string): string {
  return outside('filler', tokens, key);
}

/** Draws a length in tokens, with this iteration's random numbers. */
export function drawTokens(length: TokenLength): number {
  return outside('drawTokens', length);
}
