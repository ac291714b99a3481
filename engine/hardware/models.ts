/** Dense decoder of the Qwen family, by its `config.json`. */
export interface Model {
  /** Name in the catalogue, such as `qwen2.5-7b`. */
  readonly slug: string;
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  /** Attention heads. `kvHeads` are fewer with grouped-query attention. */
  readonly heads: number;
  readonly kvHeads: number;
  /** Width of the feed-forward network. */
  readonly intermediate: number;
  readonly vocabulary: number;
  /** True where the output head shares the embedding's weights. */
  readonly tied: boolean;
  /** Default maximum length of a sequence, in tokens. */
  readonly maxLength: number;
}

/**
 * Name, layers, hidden, heads, KV heads, intermediate, vocabulary, tied. Source: `config.json` of each at
 * huggingface.co/Qwen.
 */
type Row = readonly [string, number, number, number, number, number, number, boolean?];

const ROWS: readonly Row[] = [
  ['Qwen2.5-0.5B', 24, 896, 14, 2, 4864, 151_936, true],
  ['Qwen2.5-1.5B', 28, 1536, 12, 2, 8960, 151_936, true],
  ['Qwen2.5-3B', 36, 2048, 16, 2, 11_008, 151_936, true],
  ['Qwen2.5-7B', 28, 3584, 28, 4, 18_944, 152_064],
  ['Qwen2.5-14B', 48, 5120, 40, 8, 13_824, 152_064],
  ['Qwen2.5-32B', 64, 5120, 40, 8, 27_648, 152_064],
  ['Qwen2.5-72B', 80, 8192, 64, 8, 29_568, 152_064],
  ['Qwen1.5-0.5B', 24, 1024, 16, 16, 2816, 151_936, true],
  ['Qwen1.5-1.8B', 24, 2048, 16, 16, 5504, 151_936],
  ['Qwen1.5-4B', 40, 2560, 20, 20, 6912, 151_936],
  ['Qwen1.5-7B', 32, 4096, 32, 32, 11_008, 151_936],
  ['Qwen1.5-14B', 40, 5120, 40, 40, 13_696, 152_064],
  ['Qwen1.5-32B', 64, 5120, 40, 8, 27_392, 152_064],
  ['Qwen1.5-72B', 80, 8192, 64, 64, 24_576, 152_064],
  ['Qwen1.5-110B', 80, 8192, 64, 8, 49_152, 152_064],
];

/** Models by slug. */
export const MODELS: ReadonlyMap<string, Model> = new Map(
  ROWS.map(([name, layers, hidden, heads, kvHeads, intermediate, vocabulary, tied = false]) => {
    const slug = name.toLowerCase();
    const shape = { layers, hidden, heads, kvHeads, intermediate, vocabulary, tied };
    return [slug, { slug, name, ...shape, maxLength: 32_768 }];
  }),
);

/** Numbers of a model's parameters. */
export interface Parameters {
  readonly total: number;
  /** All but embedding and output head. */
  readonly nonEmbedding: number;
  /** Matrix weights of all layers; each token is multiplied by all. */
  readonly linear: number;
  /** Weights of the output head, for tokens followed by a new one. */
  readonly head: number;
}

/**
 * Parameters by formula, with d = hidden/heads. A layer has hidden·heads·d + 2·hidden·kvHeads·d (query, key, value)
 * with their biases, heads·d·hidden (output), 3·hidden·intermediate (SwiGLU) and 2·hidden (norms); outside of the
 * layers there are one last norm, the embedding and, unless it is tied, the head. Qwen2.5-7B: 7,615,616,512, as
 * published.
 */
export function parametersOf(model: Model): Parameters {
  const { layers, hidden, heads, kvHeads, intermediate, vocabulary, tied } = model;
  const d = headWidth(model);
  const [query, keyValue] = [heads * d, 2 * kvHeads * d];
  const linear = layers * (hidden * query + hidden * keyValue + query * hidden + 3 * hidden * intermediate);
  const nonEmbedding = linear + layers * (query + keyValue + 2 * hidden) + hidden;
  const head = vocabulary * hidden;
  return { total: nonEmbedding + head * (tied ? 1 : 2), nonEmbedding, linear, head };
}

/** Elements of one head. */
export function headWidth({ hidden, heads }: Model): number {
  return hidden / heads;
}
