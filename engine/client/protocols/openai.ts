import type { Exchange } from '../exchange.js';
import type { GenerationBody } from './generation-fields.js';

/** Request fields that `chat` and `complete` share. */
export interface OpenAiGeneration extends GenerationBody {
  readonly stop?: string | readonly string[] | undefined;
  readonly seed?: number | undefined;
}

/** Token counts in OpenAI's chat, completions and embeddings. */
export interface OpenAiUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
}

/**
 * Records an event's usage and returns the tokens of the event. Continuous usage gives the number; without usage an
 * event counts as one token.
 */
export function noteUsage(usage: OpenAiUsage | null | undefined, exchange: Exchange): number {
  if (!usage) return 1;
  const counted = exchange.usage?.outputTokens ?? 0;
  const outputTokens = usage.completion_tokens ?? counted;
  const reasoningTokens = usage.completion_tokens_details?.reasoning_tokens;
  exchange.usage = { inputTokens: usage.prompt_tokens ?? 0, outputTokens, ...(reasoningTokens && { reasoningTokens }) };
  return Math.max(0, outputTokens - counted);
}

/** Generation fields in OpenAI's names. A stream requests usage in its last event. */
export function openAiGeneration(request: OpenAiGeneration, streamed: boolean, askUsage: boolean): object {
  return {
    stream: streamed,
    ...(streamed && askUsage && { stream_options: { include_usage: true } }),
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop: request.stop,
    seed: request.seed,
  };
}

/** Throws a TypeError for `n` > 1, whose choices would be mixed. */
export function refuseSeveral(what: string, extraBody: Readonly<Record<string, unknown>> = {}): void {
  const { n = 1 } = extraBody;
  if (n === 1) return;
  throw new TypeError(`${what} reads one choice: extraBody.n has to be 1 or absent, got ${JSON.stringify(n)}`);
}
