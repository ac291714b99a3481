import type { Card } from './cards.js';
import { headWidth, type Model, parametersOf } from './models.js';

/** Precision of the layers' weights. Embedding, head, norms and biases stay in bf16, as in quantized models. */
export type WeightPrecision = 'bf16' | 'fp8' | 'int8' | 'int4';

/** Precision of the KV cache. */
export type KvPrecision = 'bf16' | 'fp8';

/** All precisions of weights, the widest first. */
export const WEIGHT_PRECISIONS: readonly WeightPrecision[] = ['bf16', 'fp8', 'int8', 'int4'];

const BF16_BYTES = 2;

/** Bytes per weight. Groups of 128 4-bit weights share a scale of 16 bits and a zero of 4 bits (AWQ, GPTQ). */
const WEIGHT_BYTES: Readonly<Record<WeightPrecision, number>> = {
  bf16: BF16_BYTES,
  fp8: 1,
  int8: 1,
  int4: (4 + 20 / 128) / 8,
};

const KV_BYTES: Readonly<Record<KvPrecision, number>> = { bf16: BF16_BYTES, fp8: 1 };

/** Size of all weights in memory, in bytes. */
export function weightBytes(model: Model, precision: WeightPrecision): number {
  const { total, linear } = parametersOf(model);
  return linear * WEIGHT_BYTES[precision] + (total - linear) * BF16_BYTES;
}

/** Bytes of weights that a step reads: matrices and head. Of the embedding it looks up a few rows. */
export function weightBytesRead(model: Model, precision: WeightPrecision): number {
  const { linear, head } = parametersOf(model);
  return linear * WEIGHT_BYTES[precision] + head * BF16_BYTES;
}

/** KV cache bytes per token, in all layers: 2·layers·kvHeads·d·bytes. */
export function kvBytesPerToken(model: Model, precision: KvPrecision): number {
  return 2 * model.layers * model.kvHeads * headWidth(model) * KV_BYTES[precision];
}

/**
 * KV cache bytes per token on one of `tensorParallel` cards. A head cannot be split: with more cards than heads, each
 * card has a copy of one.
 */
export function kvBytesPerTokenAndCard(model: Model, precision: KvPrecision, tensorParallel: number): number {
  return kvBytesPerToken(model, precision) * (Math.max(1, model.kvHeads / tensorParallel) / model.kvHeads);
}

/**
 * Peak operations per second of a card for this precision. Both factors have 8 bits for fp8 and int8; 4 bits, and fp8
 * on a card without such units, are widened first and multiplied in bf16.
 */
export function peakFlops(card: Card, precision: WeightPrecision): number {
  const narrow = precision === 'fp8' ? card.fp8Tflops : precision === 'int8' ? card.int8Tops : 0;
  return (narrow || card.bf16Tflops) * 1e12;
}
