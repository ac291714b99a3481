import { CARDS, type Card } from './cards.js';
import { type Deployment, divides, memoryUse } from './deployment.js';
import type { Efficiency } from './efficiency.js';
import { WEIGHT_PRECISIONS, type WeightPrecision } from './precision.js';

/** What a deployment has to have room for. */
export interface Demand {
  readonly deployment: Deployment;
  /** Tokens of the longest sequence: at least one of them has to fit. */
  readonly maxLength: number;
  /** Share of each card's memory that may be used. */
  readonly utilization: number;
  readonly efficiency: Efficiency;
}

/** What would have room, each by changing one thing alone. */
export interface Alternatives {
  /** The fewest cards; undefined where more of them do not help. */
  readonly tensorParallel: number | undefined;
  /** The widest narrower form of the weights. */
  readonly weights: WeightPrecision | undefined;
  /** Whether a key-value cache of 8 bits is enough. */
  readonly kv: boolean;
  /** Other cards, in the order of the catalogue. */
  readonly cards: readonly Card[];
  /** The longest sequence that fits as it is; 0 where the weights alone are too much. */
  readonly maxLength: number;
}

/** At most so many cards share a layer: those of one machine. */
const MOST_CARDS = 16;

/** Whether at least one sequence of the greatest length fits beside the weights, without which a server refuses to start. */
export function fits({ deployment, maxLength, utilization, efficiency }: Demand): boolean {
  return memoryUse(deployment, efficiency, utilization).kvTokens >= maxLength;
}

/** What would fit instead. */
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
