import { CARDS, type Card } from './cards.js';
import { type Deployment, divides, memoryUse } from './deployment.js';
import type { Efficiency } from './efficiency.js';
import { WEIGHT_PRECISIONS, type WeightPrecision } from './precision.js';

/** Requirements of a deployment on memory. */
export interface Demand {
  readonly deployment: Deployment;
  /** Tokens of the longest sequence. At least one such sequence must fit. */
  readonly maxLength: number;
  /** Usable share of each card's memory. */
  readonly utilization: number;
  readonly efficiency: Efficiency;
}

/** Changes that would make it fit, each on its own. */
export interface Alternatives {
  /** Fewest cards; undefined where more do not help. */
  readonly tensorParallel: number | undefined;
  /** Next narrower precision of the weights that fits. */
  readonly weights: WeightPrecision | undefined;
  /** True where an fp8 KV cache suffices. */
  readonly kv: boolean;
  /** Other cards, in the order of the catalogue. */
  readonly cards: readonly Card[];
  /** Longest sequence that fits unchanged. 0 where the weights alone are too large. */
  readonly maxLength: number;
}

/** Most cards that share a layer: those of one machine. */
const MOST_CARDS = 16;

/** True where a sequence of maximum length fits beside the weights. Servers refuse to start otherwise. */
export function fits({ deployment, maxLength, utilization, efficiency }: Demand): boolean {
  return memoryUse(deployment, efficiency, utilization).kvTokens >= maxLength;
}

/** Alternatives that would fit. */
export function alternatives(demand: Demand): Alternatives {
  const { deployment, utilization, efficiency } = demand;
  const { card, model, tensorParallel, weights } = deployment;
  const works = (change: Partial<Deployment>) => fits({ ...demand, deployment: { ...deployment, ...change } });
  const counts = Array.from({ length: MOST_CARDS }, (_, i) => i + 1).filter((t) => t > tensorParallel && isPower(t));
  const narrower = WEIGHT_PRECISIONS.slice(WEIGHT_PRECISIONS.indexOf(weights) + 1);
  return {
    tensorParallel: counts.find((t) => divides(model, t) && works({ tensorParallel: t })),
    weights: narrower.find((each) => works({ weights: each })),
    kv: deployment.kv === 'bf16' && works({ kv: 'fp8' }),
    cards: [...CARDS.values()].filter((each) => each !== card && works({ card: each })),
    maxLength: memoryUse(deployment, efficiency, utilization).kvTokens,
  };
}

function isPower(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
