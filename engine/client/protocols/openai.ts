import type { Exchange } from '../exchange.js';
import type { GenerationBody } from './generation-fields.js';

/** What `chat` and `complete` have in common. */
export interface OpenAiGeneration extends GenerationBody {
  readonly stop?: string | readonly string[] | undefined;
  readonly seed?: number | undefined;
}

/** Token counts as OpenAI's chat, completions and embeddings tell them. */
export interface OpenAiUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
}

/**
 * Notes the counts of an event, and says how many tokens the event brought: continuous usage tells that, without it an
 * event is taken for one token.
 */
export function noteUsage(usage: OpenAiUsage | null | undefined, exchange: Exchange): number {
  if (!usage) return 1;
  const counted = exchange.usage?.outputTokens ?? 0;
  const outputTokens = usage.completion_tokens ?? counted;
  const reasoningTokens = usage.completion_tokens_details?.reasoning_tokens;
  exchange.usage = { inputTokens: usage.prompt_tokens ?? 0, outputTokens, ...(reasoningTokens && { reasoningTokens }) };
  return Math.max(0, outputTokens - counted);
}

/** How an answer is generated, in the words of OpenAI's chat and completions; asks for the counts at a stream's end. */
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

/** Several choices would come mixed, and their tokens could not be told apart. */
export function refuseSeveral(what: string, extraBody: Readonly<Record<string, unknown>> = {}): void {
  const { n = 1 } = extraBody;
  if (n === 1) return;
  throw new TypeError(`${what} reads one choice: extraBody.n has to be 1 or absent, got ${JSON.stringify(n)}`);
}
