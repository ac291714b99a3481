import type * as api from '../api/answer.js';
import type { Exchange } from '../client/exchange.js';
import type { Figures } from '../client/request-figures.js';

/**
 * Answer to a script's request, from a finished exchange. A class, because an object with its own getter would be in
 * dictionary mode, which takes ten times the memory and is slow to read.
 */
export class Answer implements api.Answer {
  readonly ok: boolean;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: api.Answer['toolCalls'];
  readonly vectors: api.Answer['vectors'];
  readonly finishReason: string | undefined;
  readonly usage: api.Answer['usage'];
  readonly failure: api.Answer['failure'];
  readonly status: number | undefined;
  attempts = 1;
  readonly model: string;
  readonly name: string;
  readonly ttft: number | undefined;
  readonly tpot: number | undefined;
  readonly e2e: number | undefined;
  readonly outputTokens: number;
  readonly inputTokens: number | undefined;
  readonly tokensPerSecond: number | undefined;
  readonly good: boolean | undefined;
  readonly at: api.Instants;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, figures: Figures, good: boolean | undefined) {
    this.#exchange = exchange;
    this.ok = exchange.failure === undefined;
    this.text = exchange.text;
    this.reasoning = exchange.reasoning;
    this.toolCalls = exchange.toolCalls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text }));
    this.vectors = exchange.vectors;
    this.finishReason = exchange.finishReason;
    this.usage = exchange.usage;
    this.failure = exchange.failure;
    this.status = exchange.status;
    this.model = exchange.model;
    this.name = exchange.name;
    this.ttft = figures.ttft;
    this.tpot = figures.tpot;
    this.e2e = figures.e2e;
    this.outputTokens = figures.outputTokens;
    this.inputTokens = figures.inputTokens;
    this.tokensPerSecond = figures.tokensPerSecond;
    this.good = good;
    this.at = instantsOf(exchange);
  }

  /** Refuses OpenAI's path to the text. Scripts that read it would throw for undefined. */
  get choices(): never {
    throw new TypeError('an answer has no choices: its text is answer.text');
  }

  /** Computed on access, since most scripts never read it. */
  get chunks(): api.Answer['chunks'] {
    const { chunkAt, chunkTokens, sentAt } = this.#exchange;
    return chunkAt.map((at, index) => ({ at: at - sentAt, tokens: chunkTokens[index] ?? 0 }));
  }
}

function instantsOf(exchange: Exchange): api.Instants {
  const { sentAt } = exchange;
  const since = (at: number | undefined) => (at === undefined ? undefined : at - sentAt);
  return {
    scheduled: exchange.scheduledAt - sentAt,
    sent: 0,
    connected: since(exchange.connectedAt),
    headers: since(exchange.headersAt),
    firstChunk: since(exchange.firstChunkAt),
    firstToken: since(exchange.firstTokenAt),
    firstAnswer: since(exchange.firstAnswerAt),
    lastToken: since(exchange.lastTokenAt),
    ended: since(exchange.endedAt) ?? 0,
  };
}
