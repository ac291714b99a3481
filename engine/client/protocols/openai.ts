import type { Exchange } from '../exchange.js';
import { recordCounts } from './counts.js';
import { itemsIn, objectIn, textIn } from './fields.js';
import type { GenerationBody } from './generation-fields.js';

/** Request fields that `chat` and `complete` share. */
export interface OpenAiGeneration extends GenerationBody {
  /** Texts that end the answer. */
  readonly stop?: string | readonly string[] | undefined;
  /** Seed of the server's sampling. */
  readonly seed?: number | undefined;
}

/** Token counts in OpenAI's chat, completions and embeddings. */
interface OpenAiUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  /** Names of other APIs, which some gateways keep. */
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
  readonly prompt_tokens_details?: { readonly cached_tokens?: unknown } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: unknown } | null;
}

/** Places of counts in an event: OpenAI's, Groq's, and those of llama.cpp. */
export interface CountedEvent {
  readonly usage?: OpenAiUsage | null;
  readonly x_groq?: { readonly usage?: OpenAiUsage | null } | null;
  readonly timings?: { readonly predicted_n?: unknown } | null;
}

/** Fields of a choice about its tokens; Moonshot puts usage there. */
export interface CountedChoice {
  readonly index?: number;
  readonly finish_reason?: unknown;
  readonly usage?: OpenAiUsage | null;
  readonly token_ids?: unknown;
  readonly logprobs?: { readonly content?: unknown; readonly tokens?: unknown } | null;
}

/** Records an event's counts, wherever they stand in it. Returns true where it has the tokens so far. */
export function recordUsage(event: CountedEvent, choice: CountedChoice | undefined, exchange: Exchange): boolean {
  const listed = choice?.token_ids ?? choice?.logprobs?.content ?? choice?.logprobs?.tokens;
  if (Array.isArray(listed)) exchange.listedTokens += listed.length;
  const usage = event.usage ?? choice?.usage ?? event.x_groq?.usage;
  const { timings } = event;
  if (usage !== undefined && usage !== null) {
    if (typeof usage !== 'object') exchange.doubt ??= 'no whole number';
    const { prompt_tokens: input = usage.input_tokens, completion_tokens: output = usage.output_tokens } = usage;
    const reasoning = usage.completion_tokens_details?.reasoning_tokens;
    recordCounts({ input, output, reasoning, cached: usage.prompt_tokens_details?.cached_tokens }, exchange);
  } else if (timings) {
    recordCounts({ input: undefined, output: timings.predicted_n }, exchange);
  } else return Array.isArray(listed);
  return true;
}

/** Finish reason of a choice, empty without one. Some servers write null as text. */
export function reasonOf({ finish_reason: reason }: CountedChoice): string {
  return reason === 'null' ? '' : textIn(reason, 'choices[0].finish_reason');
}

/** Choice with index 0. A server may send others, in any order. */
export function choiceOf<Choice extends CountedChoice>(
  choices: readonly Choice[] | null | undefined,
  exchange: Exchange,
): Choice | undefined {
  const known = itemsIn(choices, 'choices', exchange);
  const first = objectIn(known[0], 'choices[0]', exchange);
  return first && isFirst(first) ? first : known.find(isFirst);
}

/** True for index 0. Some servers leave it out or send text. */
function isFirst(choice: CountedChoice | null | undefined): boolean {
  return typeof choice === 'object' && choice !== null && Number(choice.index ?? 0) === 0;
}

/** Request for usage in the last event of a stream, if wanted. */
export function usageOption(streamed: boolean, askUsage: boolean): { readonly include_usage: true } | undefined {
  return streamed && askUsage ? INCLUDE_USAGE : undefined;
}

const INCLUDE_USAGE = { include_usage: true } as const;

/** Throws a TypeError for `n` > 1, whose choices would be mixed. */
export function refuseSeveral(what: string, extraBody: Readonly<Record<string, unknown>> = {}): void {
  const { n = 1 } = extraBody;
  if (n === 1) return;
  throw new TypeError(`${what} reads one choice: extraBody.n has to be 1 or absent, got ${JSON.stringify(n)}`);
}
