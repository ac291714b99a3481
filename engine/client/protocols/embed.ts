import type { Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** What `embed` puts on the wire. */
export interface EmbeddingBody {
  /** A text, its token ids, or a list of either. */
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  /** The length of each vector, where the model can choose. */
  readonly dimensions?: number | undefined;
  /** Further fields of the request's body, as the server names them; they win over all others. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** The parts of an answer that are read. */
interface EmbeddingList {
  readonly data?: readonly { readonly index?: number; readonly embedding?: readonly number[] | string }[] | null;
  readonly usage?: { readonly prompt_tokens?: number; readonly total_tokens?: number } | null;
}

/** OpenAI's embeddings. */
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
    for (const [position, { index = position, embedding = [] }] of (list.data ?? []).entries()) {
      vectors[index] = typeof embedding === 'string' ? fromBase64(embedding) : embedding;
    }
    exchange.vectors = vectors;
    const { usage } = list;
    if (usage) exchange.usage = { inputTokens: usage.prompt_tokens ?? usage.total_tokens ?? 0, outputTokens: 0 };
  },
};

/** `encoding_format: 'base64'` gives 32-bit floats, the lowest byte first. */
function fromBase64(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i));
}
