import { combineSeeds, randomSource } from '../random.js';
import type { Trace } from './trace-file.js';

/** A request of a trace, to be sent again. */
export interface TracedRow {
  readonly timestamp: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly hashIds: readonly number[] | undefined;
  readonly prompt: string;
}

/** Tokens of a block, in the traces that hash them. */
const BLOCK = 512;

/** The request of this number. Its prompt is made, when it is asked for, of words that are one token each. */
export function tracedRow(trace: Trace, index: number, words: readonly string[]): TracedRow {
  const inputTokens = trace.inputTokens[index] ?? 0;
  const { hashIds: ids, hashStarts: starts } = trace;
  const hashIds = ids && starts ? [...ids.subarray(starts[index], starts[index + 1])] : undefined;
  return {
    timestamp: trace.at[index] ?? 0,
    inputTokens,
    outputTokens: trace.outputTokens[index] ?? 0,
    hashIds,
    get prompt() {
      return promptOf(index, inputTokens, hashIds ?? [], words);
    },
  };
}

/**
 * A text of so many tokens: block for block the one that its hash stands for, so that requests which shared a prefix
 * in the trace share one again. What has no hash is like no other request's.
 */
function promptOf(index: number, tokens: number, hashIds: readonly number[], words: readonly string[]): string {
  const parts: string[] = [];
  let left = tokens;
  for (const id of hashIds) {
    if (left <= 0) break;
    parts.push(textOf(Math.min(BLOCK, left), combineSeeds('block', id), words));
    left -= BLOCK;
  }
  if (left > 0) parts.push(textOf(left, combineSeeds('request', index), words));
  return parts.join(' ');
}

/** So many words, the same for the same seed. */
function textOf(length: number, seed: number, words: readonly string[]): string {
  const random = randomSource(seed);
  return Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
}
