import { recordCounts } from './counts.js';
import { objectsIn } from './fields.js';
import type { Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `embed`. */
export interface EmbeddingBody {
  /** Text, token ids, or a list of either. */
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  /** Length of each vector, where the model supports a choice. */
  readonly dimensions?: number | undefined;
  /** Further fields of the request body, in the server's names. They override all others. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** Fields of a response that are read. */
interface EmbeddingList {
  readonly data?: readonly { readonly index?: number; readonly embedding?: readonly number[] | string }[] | null;
  readonly usage?: { readonly prompt_tokens?: unknown; readonly total_tokens?: unknown } | null;
}

/** OpenAI's Embeddings API. */
export const embedProtocol: Protocol<EmbeddingBody> = {
  path: '/embeddings',
  below: 'base',
  stream: undefined,
  models: '/models',
  fields: ['input', 'dimensions', 'extraBody'],
  probe: { input: 'Hi' },

  encode({ input, dimensions, extraBody }, model) {
    if (!(typeof input === 'string' || (Array.isArray(input) && input.length > 0))) {
      throw new TypeError(`embed needs an input: a text, token ids, or a list, got ${JSON.stringify(input)}`);
    }
    return JSON.stringify({ model, input, dimensions, ...extraBody });
  },

  decode(event, _, exchange) {
    const list = readEvent<EmbeddingList>(event, exchange);
    if (!list) return;
    const vectors: (readonly number[])[] = [];
    for (const [position, { index = position, embedding = [] }] of objectsIn(list.data, 'data').entries()) {
      vectors[index] = typeof embedding === 'string' ? fromBase64(embedding) : embedding;
    }
    exchange.vectors = vectors;
    const { usage } = list;
    if (usage) recordCounts({ input: usage.prompt_tokens ?? usage.total_tokens, output: 0 }, exchange);
  },
};

/** Decodes `encoding_format: 'base64'`: 32-bit floats, little-endian. */
function fromBase64(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i));
}
