import { noteOutput } from '../exchange.js';
import { GENERATION } from './generation-fields.js';
import { noteUsage, type OpenAiGeneration, type OpenAiUsage, openAiGeneration, refuseSeveral } from './openai.js';
import { isStreamed, type Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `complete`. */
export interface CompletionBody extends OpenAiGeneration {
  /**
   * Text, token ids, or a list of either. Several prompts get their answers in one stream; `text` is that of the first.
   */
  readonly prompt: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
}

/** Fields read of a `text_completion`, streamed or in one piece. */
interface CompletionChunk {
  readonly choices?:
    | readonly { readonly index?: number; readonly text?: string | null; readonly finish_reason?: string | null }[]
    | null;
  readonly usage?: OpenAiUsage | null;
}

/** OpenAI's legacy Completions API. */
export const completeProtocol: Protocol<CompletionBody> = {
  path: '/completions',
  below: 'base',
  stream: 'events',
  models: '/models',
  fields: ['prompt', ...GENERATION, 'stop', 'seed'],
  probe: { prompt: 'Hi', maxTokens: 1 },

  encode(request, model, askUsage) {
    refuseSeveral('complete', request.extraBody);
    const { prompt } = request;
    if (!(typeof prompt === 'string' || (Array.isArray(prompt) && prompt.length > 0))) {
      throw new TypeError(`complete needs a prompt: a text, token ids, or a list, got ${JSON.stringify(prompt)}`);
    }
    return JSON.stringify({
      model,
      prompt,
      ...openAiGeneration(request, isStreamed(completeProtocol, request), askUsage),
      ...request.extraBody,
    });
  },

  decode(event, at, exchange) {
    const chunk = readEvent<CompletionChunk>(event, exchange);
    if (!chunk) return;
    const tokens = noteUsage(chunk.usage, exchange);
    for (const { index = 0, text, finish_reason: reason } of chunk.choices ?? []) {
      if (exchange.streamed) exchange.firstChunkAt ??= at;
      if (text) {
        if (index === 0) exchange.text += text;
        if (exchange.streamed) noteOutput(exchange, at, tokens, 'text', text);
      }
      if (reason) exchange.finishReason = reason;
    }
  },
};
