import { CardBatching } from '../../../../engine/simulator/scheduler/card-batching.js';
import type { CardBatchingOptions, CardStep } from '../../../../engine/simulator/scheduler/card-limits.js';
import type { Sequence } from '../../../../engine/simulator/scheduler/schedule.js';

export interface Named extends Sequence {
  readonly name: string;
}

export const of = (name: string, promptTokens: number, tokens: number, promptBlocks?: readonly number[]): Named => {
  return { name, promptTokens, tokens, promptBlocks };
};

export const ROOMY: CardBatchingOptions = {
  blocks: 1000,
  blockSize: 16,
  maxModelLen: 4096,
  maxNumSeqs: 64,
  maxNumBatchedTokens: 2048,
  chunkedPrefill: true,
  prefixCaching: true,
  speculation: undefined,
  stepCost: () => 10,
  seed: 1,
};

export function engine(options: Partial<CardBatchingOptions> = {}) {
  const steps: CardStep[] = [];
  const { stepCost } = { ...ROOMY, ...options };
  const schedule = new CardBatching<Named>({
    ...ROOMY,
    ...options,
    stepCost(step) {
      steps.push({ ...step });
      return stepCost(step);
    },
  });
  const advance = (now: number) =>
    schedule.advance(now).map(({ sequence, index, at, last }) => `${at} ${sequence.name}${index}${last ? '.' : ''}`);
  return { schedule, advance, steps };
}
