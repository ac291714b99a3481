import { Datasets } from '../data/dataset.js';
import { textOf } from '../data/message-text.js';
import { promptOf, type Row } from '../data/row-prompt.js';
import { estimateTokens } from '../data/token-estimate.js';
import { combineSeeds, normal, randomSource } from '../random.js';
import { promptBlocks } from '../simulator/index.js';
import type { Ask } from './virtual-users.js';

/**
 * Lengths of unknown answers, in tokens: log-normal, clamped. `sigma` is the standard deviation of the logarithm.
 * Similar to the lengths in the shipped prompts.
 */
const ANSWERS = { median: 180, sigma: 0.5, least: 16, most: 1024 };

/** Source of virtual users' prompts. */
export interface PromptSource {
  /** Data set in any format of `dataset()`. */
  readonly file: string;
  /** Number of records to draw from, selected by the seed. */
  readonly sample?: number | undefined;
  readonly seed: number;
  readonly scenario: string;
  readonly users: number;
  /** Tokens per block of the prefix cache; undefined without one. */
  readonly prefixBlock: number | undefined;
}

interface ReadPrompt {
  readonly promptTokens: number;
  readonly answerTokens: number | undefined;
  readonly promptBlocks: readonly number[] | undefined;
}

/**
 * Prompts and lengths of answers, by iteration. The prompts are those of a real run with this seed; lengths of answers
 * come from the data set, or are drawn for the iteration. Throws the UserError of a data set that cannot be read.
 */
export function askFrom(source: PromptSource): (iteration: number) => Ask {
  const { file, sample, seed, scenario, users, prefixBlock } = source;
  let running = 0;
  const drawer = { vu: 0, vus: users, scenario, iteration: () => running };
  const drawn = new Datasets(seed).open(file, { sample }, drawer);
  const read = new Map<Row, ReadPrompt>();

  return (iteration) => {
    running = iteration;
    const row = drawn.row();
    let prompt = read.get(row);
    if (!prompt) {
      prompt = readPrompt(row, file, prefixBlock);
      read.set(row, prompt);
    }
    const tokens = prompt.answerTokens ?? answerTokens(combineSeeds(seed, 'answer', iteration));
    return { promptTokens: prompt.promptTokens, tokens, promptBlocks: prompt.promptBlocks };
  };
}

/** Random length of an answer, in tokens. */
export function answerTokens(seed: number): number {
  const { median, sigma, least, most } = ANSWERS;
  const length = median * Math.exp(sigma * normal(randomSource(seed)));
  return Math.round(Math.min(most, Math.max(least, length)));
}

function readPrompt(row: Row, file: string, prefixBlock: number | undefined): ReadPrompt {
  const prompt = promptOf(row);
  if (typeof prompt === 'string') throw new Error(`${file}: ${prompt}`);
  // As the simulator reads a conversation.
  const text = textOf(prompt.messages);
  const { answer } = prompt;
  return {
    promptTokens: estimateTokens(text),
    answerTokens: typeof answer === 'string' ? estimateTokens(answer) : answer,
    promptBlocks: prefixBlock === undefined ? undefined : promptBlocks(text, prefixBlock),
  };
}
