import { type Exchange, recordFinish, recordOutput } from '../exchange.js';
import { recordCounts, tokensNow } from './counts.js';
import { objectIn, textIn } from './fields.js';
import { GENERATION, type GenerationBody } from './generation-fields.js';
import type { Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `tgi`. */
export interface TgiBody extends GenerationBody {
  /** Text that the model continues. No chat template is applied. */
  readonly prompt: string;
  readonly stop?: string | readonly string[] | undefined;
  readonly seed?: number | undefined;
}

/** Fields of an event that are read. An answer in one piece has those of the last event. */
interface TgiEvent {
  readonly token?: { readonly text?: unknown; readonly special?: unknown } | null;
  readonly generated_text?: unknown;
  readonly details?: {
    readonly finish_reason?: unknown;
    readonly generated_tokens?: unknown;
    readonly input_length?: unknown;
    readonly prefill?: unknown;
  } | null;
}

/** Finish reasons, in OpenAI's terms. */
const REASONS: Readonly<Record<string, string>> = { eos_token: 'stop', stop_sequence: 'stop' };

/** Hugging Face TGI's own API. Each token is an event, special ones too. */
export const tgiProtocol: Protocol<TgiBody> = {
  path: '/generate_stream',
  wholePath: '/generate',
  below: 'root',
  stream: 'events',
  models: '/v1/models',
  fields: ['prompt', ...GENERATION, 'stop', 'seed'],
  probe: { prompt: 'Hi', maxTokens: 1 },

  encode({ prompt, maxTokens, temperature, topP, stop, seed, extraBody }) {
    if (typeof prompt !== 'string' || prompt === '') {
      throw new TypeError(`tgi needs a prompt: a text, got ${JSON.stringify(prompt)}`);
    }
    return JSON.stringify({
      inputs: prompt,
      ...extraBody,
      parameters: {
        details: true,
        max_new_tokens: maxTokens,
        // The server refuses a temperature of 0 and a top_p of 1, which are its defaults.
        temperature: temperature === 0 ? undefined : temperature,
        ...(temperature !== undefined && temperature > 0 && { do_sample: true }),
        top_p: topP === 1 ? undefined : topP,
        stop: typeof stop === 'string' ? [stop] : stop,
        seed,
        ...(extraBody?.parameters as object | undefined),
      },
    });
  },

  decode(event, at, exchange) {
    const body = readEvent<TgiEvent>(event, exchange);
    if (!body) return;
    if (exchange.streamed) recordToken(body, at, exchange);
    else exchange.text = textIn(body.generated_text, 'generated_text');
    const details = objectIn(body.details, 'details', exchange);
    if (details) {
      const { generated_tokens: output, input_length, prefill } = details;
      recordCounts({ input: input_length ?? lengthOf(prefill), output }, exchange);
      const reason = textIn(details.finish_reason, 'details.finish_reason');
      if (reason) recordFinish(exchange, REASONS[reason] ?? reason, at);
    }
    if (typeof body.generated_text === 'string') exchange.done = true;
  },
};

/** Records a token. A special one, such as the end of the sequence, is no output. */
function recordToken(event: TgiEvent, at: number, exchange: Exchange): void {
  const token = objectIn(event.token, 'token', exchange);
  if (!token) return;
  exchange.firstChunkAt ??= at;
  const text = token.special === true ? '' : textIn(token.text, 'token.text');
  if (text === '') {
    if (token.special !== true) exchange.silentSteps.push(exchange.chunkAt.length);
    return;
  }
  exchange.listedTokens += 1;
  exchange.text += text;
  recordOutput(exchange, at, tokensNow(true, exchange), 'text', text);
}

/** Number of prefill tokens, which the server lists on demand. */
function lengthOf(prefill: unknown): number | undefined {
  return Array.isArray(prefill) && prefill.length > 0 ? prefill.length : undefined;
}
