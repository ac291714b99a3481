import { combineSeeds, randomSource } from '../random.js';
import type { Trace } from './trace-file.js';

/** Request of a trace to replay. */
export interface TracedRow {
  readonly timestamp: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly hashIds: readonly number[] | undefined;
  readonly prompt: string;
}

/** Request `index` of a trace. Its prompt is generated on access, from words of one token each. */
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
      return promptOf(index, inputTokens, { hashIds: hashIds ?? [], blockTokens: trace.blockTokens }, words);
    },
  };
}

/**
 * Generates a prompt of `tokens` tokens. Each block depends on its hash alone, so that requests which shared a prefix
 * in the trace share one again. A part without a hash is unique to the request.
 */
function promptOf(
  index: number,
  tokens: number,
  { hashIds, blockTokens }: { readonly hashIds: readonly number[]; readonly blockTokens: number },
  words: readonly string[],
): string {
  const parts: string[] = [];
  let left = tokens;
  for (const id of hashIds) {
    if (left <= 0) break;
    parts.push(textOf(Math.min(blockTokens, left), combineSeeds('block', id), words));
    left -= blockTokens;
  }
  if (left > 0) parts.push(textOf(left, combineSeeds('request', index), words));
  return parts.join(' ');
}

/** Generates `length` words from a seed. */
function textOf(length: number, seed: number, words: readonly string[]): string {
  const random = randomSource(seed);
  return Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
}
