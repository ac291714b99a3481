import type { Card } from './cards.js';
import type { Efficiency } from './efficiency.js';
import type { Model } from './models.js';
import { type KvPrecision, kvBytesPerTokenAndCard, type WeightPrecision, weightBytes } from './precision.js';

/** Model on cards: one replica. */
export interface Deployment {
  readonly card: Card;
  readonly model: Model;
  /** Cards that share every layer. */
  readonly tensorParallel: number;
  readonly weights: WeightPrecision;
  readonly kv: KvPrecision;
}

/** Deployment with defaults: bf16 on one card. */
export function deploymentOf(
  parts: Pick<Deployment, 'card' | 'model'> & Partial<Pick<Deployment, 'tensorParallel' | 'weights' | 'kv'>>,
): Deployment {
  return { tensorParallel: 1, weights: 'bf16', kv: 'bf16', ...parts };
}

/** Memory of one card of a deployment, in bytes. */
export interface MemoryUse {
  /** Usable by the engine: `utilization` of the card's memory. */
  readonly usable: number;
  readonly weights: number;
  /** Activations, CUDA context and graphs, buffers of the link. */
  readonly overhead: number;
  /** Left for the KV cache. 0 or less where the model does not fit. */
  readonly kvCache: number;
  /** KV cache capacity of the replica, in tokens. 0 where the model does not fit. */
  readonly kvTokens: number;
}

/** vLLM's default of `--gpu-memory-utilization`. */
export const DEFAULT_UTILIZATION = 0.9;

/**
 * Memory use of each card: KV cache = utilization·memory − weights/t − overhead. Weights and heads are divided among
 * the cards, so the tokens that fit on one are those of the deployment.
 */
export function memoryUse(
  { card, model, tensorParallel, weights, kv }: Deployment,
  efficiency: Pick<Efficiency, 'memoryOverheadGb' | 'linkMemoryGb'>,
  utilization = DEFAULT_UTILIZATION,
): MemoryUse {
  const usable = utilization * (card.shownMemory ?? card.memory) * 1e9;
  const own = weightBytes(model, weights) / tensorParallel;
  const overhead = (efficiency.memoryOverheadGb + (tensorParallel > 1 ? efficiency.linkMemoryGb : 0)) * 1e9;
  const kvCache = usable - own - overhead;
  const kvTokens = Math.max(0, Math.floor(kvCache / kvBytesPerTokenAndCard(model, kv, tensorParallel)));
  return { usable, weights: own, overhead, kvCache, kvTokens };
}

/** True where a model's heads can be divided among the cards. Servers require that. */
export function divides({ heads, kvHeads }: Model, tensorParallel: number): boolean {
  const shared = kvHeads % tensorParallel === 0 || tensorParallel % kvHeads === 0;
  return heads % tensorParallel === 0 && shared;
}
