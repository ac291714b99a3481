import { type Exchange, openExchange } from '../client/exchange.js';
import type { VirtualRequest } from './virtual-users.js';

/** End of a virtual request. One in flight at the end of the run is cut. */
export interface VirtualEnd {
  readonly at: number;
  readonly firstAt: number;
  readonly isCut: boolean;
}

/** Exchange of a virtual request. Its answer has two chunks: the first token, and all others. */
export function virtualExchange(
  { sentAt, promptTokens, tokens }: VirtualRequest,
  { at, firstAt, isCut }: VirtualEnd,
  name: string,
  model: string,
): Exchange {
  const exchange = openExchange(name, model, sentAt);
  exchange.endedAt = at;
  exchange.censored = isCut;
  if (isCut) return exchange;
  exchange.headersAt = firstAt;
  exchange.firstChunkAt = firstAt;
  exchange.firstTokenAt = firstAt;
  exchange.firstAnswerAt = firstAt;
  exchange.lastTokenAt = at;
  exchange.chunkAt.push(firstAt);
  exchange.chunkTokens.push(1);
  if (tokens > 1) {
    exchange.chunkAt.push(at);
    exchange.chunkTokens.push(tokens - 1);
  }
  exchange.usage = { inputTokens: promptTokens, outputTokens: tokens };
  exchange.status = 200;
  exchange.finishReason = 'length';
  exchange.done = true;
  return exchange;
}
