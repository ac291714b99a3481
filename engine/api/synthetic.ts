import type { ChatMessage } from '../client/protocols/chat-messages.js';
import type { Draw } from './data.js';
import { outside } from './outside.js';

/**
 * A length in tokens: `512`; normally distributed, `{ mean: 512, stdev: 64, min: 100, max: 1000 }`; or one of the texts
 * `'uniform 100-500'`, `'normal 512 64'` and `'lognormal 512 300'`, the last two with mean and standard deviation and,
 * if wanted, with bounds: `'lognormal 512 300 in 16-4096'`. What would lie beyond the bounds is drawn again. Long-tailed
 * lengths, as of real users, are lognormal.
 */
export type TokenLength =
  | number
  | string
  | { readonly mean: number; readonly stdev?: number; readonly min?: number; readonly max?: number };

/** What prompts are to be made. */
export interface SyntheticOptions {
  /** Tokens of a prompt beside those that all have in common. */
  readonly input: TokenLength;
  /** Tokens that the answer may have at most: `maxTokens` of the request. */
  readonly output?: TokenLength;
  /** Tokens at the beginning that are the same in every prompt of the run, for a prefix cache to find. Default: 0. */
  readonly sharedPrefix?: number;
  /**
   * Ask the server to go on to `output`, whatever the model says: `ignore_eos`, which vLLM, SGLang and others know and
   * OpenAI refuses. Default: false.
   */
  readonly ignoreEos?: boolean;
  /**
   * The `tokenizer.json` of the model, or its folder, from the scenario file. Default: the option `tokenizer` of the run;
   * without either, lengths are an estimate.
   */
  readonly tokenizer?: string;
}

/** What one prompt asks of `complete`. */
export interface CompletionDraw<Prompt> {
  readonly prompt: Prompt;
  readonly maxTokens: number | undefined;
  readonly extraBody?: Readonly<Record<string, unknown>>;
}

/** Prompts that are made as they are drawn. Each is another's in no iteration of a scenario, and begins like none. */
export interface Synthetic {
  /** Whether a tokenizer says how long they are; else they are of words that are one token each in the usual models. */
  readonly exact: boolean;
  /** Makes the next prompt and gives it as messages. */
  next(): ChatMessage[];
  /** Makes the next prompt and gives all of a request: `chat(prompts.draw())`. */
  draw(): Draw & { readonly extraBody?: Readonly<Record<string, unknown>> };
  /** The same for `complete`, as a text. */
  drawText(): CompletionDraw<string>;
  /** The same for `complete`, as token ids: then the server reads exactly as many, whatever its model. */
  drawIds(): CompletionDraw<number[]>;
}

/**
 * Makes prompts of given lengths, at the top of the file. The number of an iteration decides what it draws, and the
 * seed, whoever runs it.
 *
 * ```ts
 * const prompts = synthetic({ input: 'lognormal 512 300 in 16-4096', output: 128, sharedPrefix: 256 });
 * export default async function () {
 *   await chat(prompts.draw());
 * }
 * ```
 */
export function synthetic(_options: SyntheticOptions): Synthetic {
  return outside('synthetic');
}
