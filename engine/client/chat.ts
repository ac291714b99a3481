import { type Exchange, noteOutput } from './exchange.js';
import { errorText, type Protocol } from './protocol.js';

/** One message of a conversation, as OpenAI's chat API takes it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer';
  readonly content: string;
}

/** What `chat` puts on the wire. */
export interface ChatBody {
  readonly messages: readonly ChatMessage[];
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stop?: string | readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** The parts of a `chat.completion.chunk` that are read; servers differ in all of them. */
interface ChatChunk {
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
  readonly error?: unknown;
  readonly object?: string;
}

interface ChatChoice {
  readonly index?: number;
  readonly delta?: {
    readonly content?: string | null;
    readonly reasoning_content?: string | null;
    readonly reasoning?: string | null;
    readonly tool_calls?: readonly unknown[] | null;
  } | null;
  readonly finish_reason?: string | null;
}

/** OpenAI's chat completions, streamed. */
export const chatProtocol: Protocol<ChatBody> = {
  path: '/chat/completions',

  encode(request, model, askUsage) {
    return JSON.stringify({
      model,
      messages: request.messages,
      stream: true,
      ...(askUsage && { stream_options: { include_usage: true } }),
      max_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      stop: request.stop,
      seed: request.seed,
      ...request.extraBody,
    });
  },

  decode(event, at, exchange) {
    if (event.data === '[DONE]') {
      exchange.done = true;
      return;
    }
    const chunk = parse(event.data);
    if (event.event === 'error' || chunk?.error || chunk?.object === 'error') {
      // An event that is called an error may be plain text.
      const message = errorText(chunk ?? event.data) || 'the server sent an error event';
      exchange.failure = { kind: 'stream_error', message };
    } else if (chunk === undefined) {
      exchange.failure = { kind: 'malformed', message: `an event is not JSON: ${event.data.slice(0, 80)}` };
    } else if (typeof chunk !== 'object' || chunk === null) {
      exchange.failure = { kind: 'malformed', message: `an event is no object: ${event.data.slice(0, 80)}` };
    } else {
      noteChunk(chunk, at, exchange);
    }
  },
};

function parse(text: string): ChatChunk | null | undefined {
  try {
    return JSON.parse(text) as ChatChunk | null;
  } catch {
    return undefined;
  }
}

function noteChunk(chunk: ChatChunk, at: number, exchange: Exchange): void {
  const counted = exchange.usage?.outputTokens ?? 0;
  if (chunk.usage) {
    exchange.usage = {
      inputTokens: chunk.usage.prompt_tokens ?? 0,
      outputTokens: chunk.usage.completion_tokens ?? counted,
    };
  }
  const choice = chunk.choices?.[0];
  if (!choice) return;
  exchange.firstChunkAt ??= at;
  const { delta } = choice;
  const content = delta?.content || '';
  const reasoning = delta?.reasoning_content || delta?.reasoning || '';
  const answer = content !== '' || (delta?.tool_calls?.length ?? 0) > 0;
  if (answer || reasoning !== '') {
    // Continuous usage says how many tokens this event brought; without it an event is taken for one token.
    const told = chunk.usage ? (exchange.usage?.outputTokens ?? 0) - counted : 1;
    noteOutput(exchange, at, Math.max(0, told), answer);
    exchange.text += content;
    exchange.reasoning += reasoning;
  }
  if (choice.finish_reason) exchange.finishReason = choice.finish_reason;
}
