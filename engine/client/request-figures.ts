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
  /** Time per output token after the first read: (lastTokenAt − firstTokenAt) / (n − n₁). */
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

/** Tokens of all output events (n) and of the first ones (n₁). */
export function tokensCarried(exchange: Exchange): { readonly all: number; readonly first: number } {
  const { chunkTokens } = exchange;
  const events = firstEvents(exchange);
  let all = 0;
  let first = 0;
  for (let i = 0; i < chunkTokens.length; i += 1) {
    const tokens = chunkTokens[i] ?? 0;
    all += tokens;
    if (i < events) first += tokens;
  }
  return { all, first };
}

/** Minimum events in one read of a buffered stream. */
export const HELD_BACK = 4;

/** Number of first events. It is one, or all of a first read that was held back. */
function firstEvents({ chunkAt }: Exchange): number {
  let events = 1;
  while (events < chunkAt.length && chunkAt[events] === chunkAt[0]) events += 1;
  return events < HELD_BACK ? 1 : events;
}

/**
 * True for a stream that arrived in one piece. Nothing is known of its pace. All of its output events came with one
 * read, or most of them with the first, or a single event carried many tokens.
 */
export function isOnePiece({ streamed, chunkAt, chunkTokens, firstKind }: Exchange): boolean {
  const events = chunkAt.length;
  if (!streamed || events === 0) return false;
  if (events === 1) return firstKind !== 'tool' && (chunkTokens[0] ?? 0) > HELD_BACK;
  if (chunkAt[events - 1] === chunkAt[0]) return true;
  // Instants ascend.
  const middle = events >> 1;
  return middle >= HELD_BACK && chunkAt[middle] === chunkAt[0];
}

/** Derives all figures of a request. `e2e = ttft + tpot × (n − n₁)` holds for streams by construction. */
export function figuresOf(exchange: Exchange): Figures {
  const { sentAt, scheduledAt, firstTokenAt, lastTokenAt } = exchange;
  const since = (at: number | undefined) => (at === undefined ? undefined : at - sentAt);
  const finishedAt = exchange.streamed ? lastTokenAt : exchange.done ? exchange.endedAt : undefined;
  const carried = tokensCarried(exchange);
  const later = isOnePiece(exchange) ? 0 : carried.all - carried.first;
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
      firstChunkAt !== undefined && lastTokenAt !== undefined && outputTokens > 1 && later > 0
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
 * Calls `visit(gap, tokens)` for each read with output after the first. `gap` is the time since the read before, `tokens`
 * what came with it. A read that carries no whole token (half a character) passes its gap on to the next, and a few
 * events that came with the first their tokens. A stream in one piece has no gaps.
 */
export function eachGap(exchange: Exchange, visit: (gap: number, tokens: number) => void): void {
  if (isOnePiece(exchange)) return;
  const { chunkAt, chunkTokens } = exchange;
  const firstAt = chunkAt[0] ?? 0;
  let before = firstAt;
  let early = 0;
  let tokens = 0;
  for (let i = firstEvents(exchange); i < chunkAt.length; i += 1) {
    const at = chunkAt[i] ?? before;
    if (at === firstAt) early += chunkTokens[i] ?? 0;
    else tokens += chunkTokens[i] ?? 0;
    if (tokens === 0 || chunkAt[i + 1] === at) continue;
    visit(at - before, early + tokens);
    before = at;
    early = 0;
    tokens = 0;
  }
}

/** Calls `visit(gap, tokens)` for each output event after the first. */
export function eachChunkGap({ chunkAt, chunkTokens }: Exchange, visit: (gap: number, tokens: number) => void): void {
  let before = chunkAt[0] ?? 0;
  for (let i = 1; i < chunkAt.length; i += 1) {
    const tokens = chunkTokens[i] ?? 0;
    if (tokens === 0) continue;
    const at = chunkAt[i] ?? before;
    visit(at - before, tokens);
    before = at;
  }
}
