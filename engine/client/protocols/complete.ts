import { type Exchange, recordFinish, recordOutput } from '../exchange.js';
import { tokensNow } from './counts.js';
import { itemsIn, objectsIn, textIn } from './fields.js';
import { GENERATION } from './generation-fields.js';
import {
  type CountedChoice,
  type CountedEvent,
  type OpenAiGeneration,
  reasonOf,
  recordUsage,
  refuseSeveral,
  usageOption,
} from './openai.js';
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
interface CompletionChunk extends CountedEvent {
  readonly choices?: readonly CompletionChoice[] | null;
}

interface CompletionChoice extends CountedChoice {
  readonly text?: unknown;
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
    const streamed = isStreamed(completeProtocol, request);
    const body = {
      model,
      prompt,
      stream: streamed,
      stream_options: usageOption(streamed, askUsage),
      max_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      stop: request.stop,
      seed: request.seed,
    };
    return JSON.stringify(request.extraBody ? { ...body, ...request.extraBody } : body);
  },

  decode(event, at, exchange) {
    const chunk = readEvent<CompletionChunk>(event, exchange);
    if (!chunk) return;
    const choices = objectsIn(itemsIn(chunk.choices, 'choices', exchange), 'choices');
    const told = recordUsage(chunk, choices[0], exchange);
    const isFirst = exchange.firstChunkAt === undefined;
    for (const choice of choices) recordChoice(choice, at, told && choices.length === 1, exchange);
    const [only] = choices;
    if (only && !only.text && !only.finish_reason && !isFirst) exchange.silentSteps.push(exchange.chunkAt.length);
  },
};

/** Records a choice. Several prompts have one each; the text is that of the first. */
function recordChoice(choice: CompletionChoice, at: number, told: boolean, exchange: Exchange): void {
  const { index = 0 } = choice;
  const reason = reasonOf(choice);
  const text = textIn(choice.text, 'choices[0].text');
  if (exchange.streamed) exchange.firstChunkAt ??= at;
  if (text !== '') {
    if (index === 0) exchange.text += text;
    if (exchange.streamed) recordOutput(exchange, at, tokensNow(told, exchange), 'text', text);
  }
  if (reason) recordFinish(exchange, reason, at);
}
