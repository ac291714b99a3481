import type { Card } from './cards.js';
import type { Efficiency } from './efficiency.js';
import type { Model } from './models.js';
import { type KvPrecision, kvBytesPerTokenAndCard, type WeightPrecision, weightBytes } from './precision.js';

/** A model on cards: one replica. */
export interface Deployment {
  readonly card: Card;
  readonly model: Model;
  /** Cards that share every layer. */
  readonly tensorParallel: number;
  readonly weights: WeightPrecision;
  readonly kv: KvPrecision;
}

/** A deployment in bf16 on one card, as far as nothing else is said. */
export function deploymentOf(
  parts: Pick<Deployment, 'card' | 'model'> & Partial<Pick<Deployment, 'tensorParallel' | 'weights' | 'kv'>>,
): Deployment {
  return { tensorParallel: 1, weights: 'bf16', kv: 'bf16', ...parts };
}

/** What the memory of one of a deployment's cards is used for, in bytes. */
export interface MemoryUse {
  /** What the engine may use at all: `utilization` of the card's memory. */
  readonly usable: number;
  readonly weights: number;
  /** Activations, CUDA context and graphs, buffers of the link. */
  readonly overhead: number;
  /** What is left for keys and values; 0 or less where the model does not fit. */
  readonly kvCache: number;
  /** Tokens whose keys and values fit there, on all cards together; 0 where the model does not fit. */
  readonly kvTokens: number;
}

/** vLLM's default of `--gpu-memory-utilization`. */
export const DEFAULT_UTILIZATION = 0.9;

/**
 * What is left of each card's memory: utilization·memory − weights/t − overhead. Weights and heads are divided among the cards, so the
 * tokens that fit on one are those of the deployment.
 */
export function memoryUse(
  { card, model, tensorParallel, weights, kv }: Deployment,
  efficiency: Pick<Efficiency, 'memoryOverheadGb' | 'linkMemoryGb'>,
  utilization = DEFAULT_UTILIZATION,
): MemoryUse {
  const usable = utilization * card.memory * 1e9;
  const own = weightBytes(model, weights) / tensorParallel;
  const overhead = (efficiency.memoryOverheadGb + (tensorParallel > 1 ? efficiency.linkMemoryGb : 0)) * 1e9;
  const kvCache = usable - own - overhead;
  const kvTokens = Math.max(0, Math.floor(kvCache / kvBytesPerTokenAndCard(model, kv, tensorParallel)));
  return { usable, weights: own, overhead, kvCache, kvTokens };
}

/** Whether a model's heads can be divided among so many cards, which servers ask for. */
export function divides({ heads, kvHeads }: Model, tensorParallel: number): boolean {
  const shared = kvHeads % tensorParallel === 0 || tensorParallel % kvHeads === 0;
  return heads % tensorParallel === 0 && shared;
}
