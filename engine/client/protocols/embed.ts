import { recordCounts } from './counts.js';
import { objectsIn, Unreadable } from './fields.js';
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
  readonly data?: readonly { readonly index?: unknown; readonly embedding?: unknown }[] | null;
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
    const items = objectsIn(list.data, 'data');
    for (const [position, { index, embedding }] of items.entries()) {
      const isPlace = typeof index === 'number' && index >= 0 && index < items.length;
      vectors[isPlace ? index : position] = vectorIn(embedding);
    }
    exchange.vectors = vectors;
    const { usage } = list;
    if (usage) recordCounts({ input: usage.prompt_tokens ?? usage.total_tokens, output: 0 }, exchange);
  },
};

/** Vector of an item, as a list or in base64. Throws Unreadable for anything else. */
function vectorIn(value: unknown): readonly number[] {
  if (typeof value === 'string') return fromBase64(value);
  if (Array.isArray(value)) return value as readonly number[];
  throw new Unreadable('data[].embedding', value, 'a list or base64');
}

/** Decodes `encoding_format: 'base64'`: 32-bit floats, little-endian. */
function fromBase64(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i));
}
