import { charactersOf, type Doubt, type Exchange } from './exchange.js';
import type { ServerHabits } from './server-habits.js';

/** Maximum tokens without text. They are special tokens, a stop string and the markup of reasoning. */
const MOST_UNSEEN = 16;

/** Maximum tokens of the markup of a tool call. */
const MOST_MARKUP = 64;

/** Maximum input tokens beyond the bytes of a request. Images, files and conversations may be named only. */
const MOST_NAMED = 10_000_000;

/** Length of the longest tokens in large vocabularies, runs of blanks. */
const MOST_BYTES = 128;

/**
 * Removes impossible counts from a finished exchange and records the doubt. Its events then count as one token each,
 * until the tokenizer has counted them.
 */
export function strikeWrongCounts(exchange: Exchange, habits: ServerHabits): void {
  const { usage } = exchange;
  if (!usage) return;
  if ((usage.inputTokens ?? 0) > exchange.bytesSent + MOST_NAMED)
    exchange.inputDoubt = 'more tokens than the text can hold';
  exchange.doubt ??= usage.outputTokens === undefined ? undefined : doubtOf(exchange, usage.outputTokens, habits);
  if (exchange.doubt) {
    exchange.chunkTokens.fill(1);
    exchange.countedEvents = 0;
  }
  const { reasoningTokens, cachedTokens, ...counts } = usage;
  // There is no answer without a prompt.
  const inputTokens = (exchange.inputDoubt ? undefined : counts.inputTokens) || undefined;
  exchange.usage = {
    inputTokens,
    outputTokens: exchange.doubt ? undefined : counts.outputTokens,
    ...(!exchange.doubt && reasoningTokens && reasoningTokens <= (counts.outputTokens ?? 0) && { reasoningTokens }),
    ...(cachedTokens !== undefined && cachedTokens <= (inputTokens ?? 0) && { cachedTokens }),
  };
}

function doubtOf(exchange: Exchange, tokens: number, habits: ServerHabits): Doubt | undefined {
  const { chunkTokens, countedEvents, vectors, finishReason } = exchange;
  const characters = charactersOf(exchange);
  if (vectors || characters === 0) return undefined;
  if (tokens === 0) return 'no token beside text';
  const events = chunkTokens.length;
  if (events > 2 && countedEvents === events && exchange.countedTokens === chunkTokens[0]) {
    if (tokens === exchange.countedTokens) return 'the same in every event';
    // Counts of single events, beside that of the whole answer.
    exchange.chunkTokens.fill(1);
    exchange.countedEvents = 0;
  }
  const fault = doubtOfLength(exchange, tokens, characters);
  if (fault) return fault;
  // An answer that was cut has as many tokens as were asked for.
  const isConstant = finishReason !== 'length' && finishReason !== 'aborted' && habits.isConstant(tokens, characters);
  return isConstant ? 'the same for answers of every length' : undefined;
}

/** Checks a count against the text. A token is at least a byte of it, and has a maximum length. */
function doubtOfLength(exchange: Exchange, tokens: number, characters: number): Doubt | undefined {
  const { usage, silentSteps, countedEvents, chunkTokens, toolCalls } = exchange;
  const unseen = MOST_UNSEEN + MOST_MARKUP * toolCalls.length + (usage?.reasoningTokens ?? 0) + silentSteps.length;
  const isFollowed = countedEvents > 1 && countedEvents === chunkTokens.length;
  if (tokens > characters + unseen) {
    const bytes = bytesOf(exchange);
    if (tokens > bytes + unseen && !(isFollowed && hidesFew(chunkTokens, bytes))) {
      return 'more tokens than the text can hold';
    }
  }
  const isFew = characters > MOST_BYTES * (tokens + 1);
  return isFew ? 'fewer tokens than the text can be' : undefined;
}

/** True where few events have more tokens than bytes. Counts that grow with the events include what is held back. */
function hidesFew(chunkTokens: readonly number[], bytes: number): boolean {
  const most = bytes / chunkTokens.length;
  return chunkTokens.filter((tokens) => tokens > most).length < chunkTokens.length / 2;
}

function bytesOf({ text, reasoning, toolCalls }: Exchange): number {
  let bytes = Buffer.byteLength(text) + Buffer.byteLength(reasoning);
  for (const { name, arguments: written } of toolCalls) bytes += Buffer.byteLength(name + written);
  return bytes;
}
