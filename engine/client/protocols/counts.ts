import type { Exchange } from '../exchange.js';

/** Token counts as the server wrote them, of any type. */
export interface ToldCounts {
  readonly input: unknown;
  readonly output: unknown;
  readonly reasoning?: unknown;
  /** Input tokens read from a prefix cache. */
  readonly cached?: unknown;
}

/** Records counts that are whole numbers of 0 or more. A count that is absent keeps its value. */
export function recordCounts({ input, output, reasoning, cached }: ToldCounts, exchange: Exchange): void {
  const before = exchange.usage;
  const inputTokens = countIn(input);
  const outputTokens = countIn(output);
  if (inputTokens === WRONG) exchange.inputDoubt = 'no whole number';
  if (outputTokens === WRONG) exchange.doubt ??= 'no whole number';
  else if (outputTokens !== undefined && outputTokens < (before?.outputTokens ?? 0)) exchange.doubt ??= 'shrinking';
  const reasoningTokens = known(countIn(reasoning)) ?? before?.reasoningTokens;
  const cachedTokens = known(countIn(cached)) ?? before?.cachedTokens;
  exchange.usage = {
    inputTokens: known(inputTokens) ?? before?.inputTokens,
    outputTokens: known(outputTokens) ?? before?.outputTokens,
    ...(reasoningTokens && { reasoningTokens }),
    ...(cachedTokens !== undefined && { cachedTokens }),
  };
}

/**
 * Tokens of the output event to record next. It is one token unless this event and all before it came with a count;
 * `isTold` is true where this event has one. A count of zero beside output is a placeholder: Ollama's completions have
 * it in every event but the last.
 */
export function tokensNow(isTold: boolean, exchange: Exchange): number {
  const { listedTokens, chunkTokens, countedTokens, usage } = exchange;
  const told = listedTokens > 0 ? listedTokens : usage?.outputTokens;
  if (!isTold || !told || exchange.countedEvents !== chunkTokens.length) return 1;
  exchange.countedEvents += 1;
  exchange.countedTokens = Math.max(countedTokens, told);
  return exchange.countedTokens - countedTokens;
}

/** Sum of a count's parts; undefined where all are absent. A part that is no number is returned instead. */
export function sumOf(...parts: readonly unknown[]): unknown {
  const told = parts.filter((part) => part !== undefined && part !== null);
  const wrong = told.find((part) => typeof part !== 'number');
  if (wrong !== undefined || told.length === 0) return wrong;
  return (told as number[]).reduce((sum, part) => sum + part, 0);
}

const WRONG = Symbol('no count');

function countIn(value: unknown): number | typeof WRONG | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : WRONG;
}

function known(count: number | typeof WRONG | undefined): number | undefined {
  return count === WRONG ? undefined : count;
}
