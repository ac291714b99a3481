import type { Answer } from '../api/answer.js';
import type { Exchange } from '../client/exchange.js';
import type { Figures } from '../client/figures.js';

/** What is filled in by steps. */
export type Mutable<Of> = { -readonly [Field in keyof Of]: Of[Field] };

/** What a script is given of an exchange that has ended. */
export function answerOf(exchange: Exchange, figures: Figures, good: boolean | undefined): Mutable<Answer> {
  const { sentAt } = exchange;
  const since = (at: number | undefined) => (at === undefined ? undefined : at - sentAt);
  return {
    ok: exchange.failure === undefined,
    text: exchange.text,
    reasoning: exchange.reasoning,
    toolCalls: exchange.toolCalls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text })),
    vectors: exchange.vectors,
    finishReason: exchange.finishReason,
    usage: exchange.usage,
    failure: exchange.failure,
    status: exchange.status,
    attempts: 1,
    model: exchange.model,
    name: exchange.name,
    ttft: figures.ttft,
    tpot: figures.tpot,
    e2e: figures.e2e,
    outputTokens: figures.outputTokens,
    inputTokens: figures.inputTokens,
    tokensPerSecond: figures.tokensPerSecond,
    good,
    at: {
      scheduled: exchange.scheduledAt - sentAt,
      sent: 0,
      connected: since(exchange.connectedAt),
      headers: since(exchange.headersAt),
      firstChunk: since(exchange.firstChunkAt),
      firstToken: since(exchange.firstTokenAt),
      firstAnswer: since(exchange.firstAnswerAt),
      lastToken: since(exchange.lastTokenAt),
      ended: since(exchange.endedAt) ?? 0,
    },
    // Made only when a script looks at it: most do not.
    get chunks() {
      return exchange.chunkAt.map((at, index) => ({ at: at - sentAt, tokens: exchange.chunkTokens[index] ?? 0 }));
    },
  };
}
