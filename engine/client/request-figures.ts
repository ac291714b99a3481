import type { Exchange } from './exchange.js';

/** Latencies and tokens of one request, in milliseconds; undefined where not available. */
export interface Figures {
  /** Time to first token: firstTokenAt − sentAt. */
  readonly ttft: number | undefined;
  /** Time to first chunk, as in vLLM's benchmark: firstChunkAt − sentAt. */
  readonly ttftChunk: number | undefined;
  /** Time to first answer token, reasoning excluded: firstAnswerAt − sentAt. */
  readonly ttftAnswer: number | undefined;
  /** Time to first token from schedule: firstTokenAt − scheduledAt. */
  readonly ttftScheduled: number | undefined;
  /** Time per output token after the first event: (lastTokenAt − firstTokenAt) / (n − n₁). */
  readonly tpot: number | undefined;
  /** TPOT as in vLLM's benchmark: (lastTokenAt − firstChunkAt) / (output tokens − 1). */
  readonly tpotChunk: number | undefined;
  /** End-to-end latency: lastTokenAt − sentAt; endedAt − sentAt for an answer in one piece. */
  readonly e2e: number | undefined;
  /** End-to-end latency from schedule: with scheduledAt in place of sentAt. */
  readonly e2eScheduled: number | undefined;
  /** Delay of the load generator itself: sentAt − scheduledAt. */
  readonly queue: number;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number;
  /** Output speed as one user sees it: 1000 / tpot. */
  readonly tokensPerSecond: number | undefined;
}

/** Tokens of all output events (n), and of the first (n₁). */
export function tokensCarried(exchange: Exchange): { readonly all: number; readonly first: number } {
  let all = 0;
  for (const tokens of exchange.chunkTokens) all += tokens;
  return { all, first: exchange.chunkTokens[0] ?? 0 };
}

/** Derives all figures of a request. `e2e = ttft + tpot × (n − n₁)` holds for streams by construction. */
export function figuresOf(exchange: Exchange): Figures {
  const { sentAt, scheduledAt, firstTokenAt, lastTokenAt } = exchange;
  const since = (at: number | undefined) => (at === undefined ? undefined : at - sentAt);
  const finishedAt = exchange.streamed ? lastTokenAt : exchange.done ? exchange.endedAt : undefined;
  const carried = tokensCarried(exchange);
  const later = carried.all - carried.first;
  const tpot =
    firstTokenAt !== undefined && lastTokenAt !== undefined && later > 0
      ? (lastTokenAt - firstTokenAt) / later
      : undefined;
  const outputTokens = exchange.usage?.outputTokens ?? exchange.counted ?? carried.all;
  const { firstChunkAt } = exchange;
  return {
    ttft: since(firstTokenAt),
    ttftChunk: since(firstChunkAt),
    ttftAnswer: since(exchange.firstAnswerAt),
    ttftScheduled: firstTokenAt === undefined ? undefined : firstTokenAt - scheduledAt,
    tpot,
    tpotChunk:
      firstChunkAt !== undefined && lastTokenAt !== undefined && outputTokens > 1
        ? (lastTokenAt - firstChunkAt) / (outputTokens - 1)
        : undefined,
    e2e: since(finishedAt),
    e2eScheduled: finishedAt === undefined ? undefined : finishedAt - scheduledAt,
    queue: sentAt - scheduledAt,
    inputTokens: exchange.usage?.inputTokens,
    outputTokens,
    tokensPerSecond: tpot ? 1000 / tpot : undefined,
  };
}

/**
 * Calls `visit(gap, tokens)` for each output event after the first. `gap` is the time since the event before, `tokens`
 * what came with it. An event that carries no whole token (half a character) passes its gap on to the next.
 */
export function eachGap(exchange: Exchange, visit: (gap: number, tokens: number) => void): void {
  const { chunkAt, chunkTokens } = exchange;
  let before = chunkAt[0] ?? 0;
  for (let i = 1; i < chunkAt.length; i += 1) {
    const tokens = chunkTokens[i] ?? 0;
    if (tokens === 0) continue;
    const at = chunkAt[i] ?? before;
    visit(at - before, tokens);
    before = at;
  }
}

/**
 * Distributes the final token count over the output events, in whole tokens. The count is the server's, else the
 * tokenizer's. Tokens in usage that no event carries are subtracted: hidden reasoning, and the end-of-sequence token
 * where the answer ended by itself.
 */
export function shareTokens(exchange: Exchange): void {
  const { chunkTokens, usage } = exchange;
  const events = chunkTokens.length;
  const target = usage?.outputTokens === undefined ? exchange.counted : tokensShown(exchange, usage.outputTokens);
  if (target === undefined || events === 0) return;
  let carried = 0;
  for (const tokens of chunkTokens) carried += tokens;
  // Continuous usage has already counted each event's tokens, with or without the end-of-sequence token.
  if (carried === target || carried === usage?.outputTokens) return;
  let shared = 0;
  for (let i = 0; i < events; i += 1) {
    const upTo = Math.ceil(((i + 1) * target) / events);
    chunkTokens[i] = upTo - shared;
    shared = upTo;
  }
}

/** Tokens of the server's count that came with events. */
function tokensShown({ chunkTokens, usage, finishReason, reasoning }: Exchange, all: number): number {
  const shown = all - (reasoning === '' ? (usage?.reasoningTokens ?? 0) : 0);
  const endToken = finishReason === 'stop' && shown > chunkTokens.length ? 1 : 0;
  return Math.max(1, shown - endToken);
}
