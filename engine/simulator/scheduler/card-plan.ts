import { configError } from '../../errors.js';
import {
  DEFAULT_ENGINE,
  type Deployment,
  decodeWork,
  divides,
  type Efficiency,
  type EngineVersion,
  efficiencyOf,
  fits,
  type MemoryUse,
  memoryUse,
  stepTime,
} from '../../hardware/index.js';
import type { FrontEndCosts } from '../front-end/front-end-costs.js';
import type { CardBatchingOptions, CardStep } from './card-limits.js';
import { throwMemoryError } from './card-memory.js';
import type { Speculation } from './speculation.js';

/** Options of a server on cards; the defaults are vLLM's. */
export interface CardOptions {
  readonly deployment: Deployment;
  /** Version of the server; default: DEFAULT_ENGINE. */
  readonly engine?: EngineVersion | undefined;
  /** Constants in place of the version's. */
  readonly efficiency?: Efficiency | undefined;
  /** Processes of the front-end; default 1. */
  readonly apiServers?: number | undefined;
  /** Tokens of an answer that are sent together; default 1. */
  readonly streamInterval?: number | undefined;
  /** True for the front-end in Rust. */
  readonly rustFrontend?: boolean | undefined;
  /** Share of each card's memory that may be used; default: the version's. */
  readonly gpuMemoryUtilization?: number | undefined;
  /** Longest sequence, prompt and answer together; default: the model's. */
  readonly maxModelLen?: number | undefined;
  /** True where that may be longer than the model was made for. */
  readonly allowLong?: boolean | undefined;
  /** Default 1024 on cards of 70 GiB and more, else 256. Also 256 on the A100. */
  readonly maxNumSeqs?: number | undefined;
  /** Default 8192 on such cards, else 2048. Without chunked prefill at least `maxModelLen`. */
  readonly maxNumBatchedTokens?: number | undefined;
  /** Tokens in a block of the key-value cache; default 16. */
  readonly blockSize?: number | undefined;
  /** Both default to true. */
  readonly prefixCaching?: boolean | undefined;
  readonly chunkedPrefill?: boolean | undefined;
  readonly speculation?: Speculation | undefined;
  /** Seed of draft acceptance; default 1. */
  readonly seed?: number | undefined;
}

/** Complete settings of a server on cards. Input of `cardBatching`, and a description. */
export interface CardPlan extends CardBatchingOptions {
  readonly deployment: Deployment;
  readonly engine: EngineVersion;
  readonly frontEnd: FrontEndCosts;
  readonly isRust: boolean;
  readonly memory: MemoryUse;
  readonly gpuMemoryUtilization: number;
}

/** Memory of 70 GiB, from which vLLM treats a card as large. */
const LARGE_MEMORY_GB = 75.2;

/**
 * Fills in defaults as vLLM does. Throws a UserError if the model does not fit, with remedies, or if options contradict
 * one another.
 */
export function planCard(options: CardOptions): CardPlan {
  const { deployment, engine = DEFAULT_ENGINE, rustFrontend = false } = options;
  const { efficiency = efficiencyOf(engine, rustFrontend), gpuMemoryUtilization = engine.utilization } = options;
  const { card, model, tensorParallel } = deployment;
  const { blockSize = 16, prefixCaching = true, chunkedPrefill = true, speculation, seed = 1 } = options;
  const maxModelLen = options.maxModelLen ?? model.maxLength;
  const isLarge = card.memory >= LARGE_MEMORY_GB && !card.slug.startsWith('a100');
  const usualTokens = isLarge ? 8192 : 2048;
  const maxNumBatchedTokens =
    options.maxNumBatchedTokens ?? (chunkedPrefill ? usualTokens : Math.max(usualTokens, maxModelLen));
  const maxNumSeqs = options.maxNumSeqs ?? Math.min(isLarge ? 1024 : 256, maxNumBatchedTokens);

  if (rustFrontend && engine.rust === undefined) {
    throw configError('--rust-frontend', `${engine.slug} has no front-end in Rust`, 'use --engine vllm-0.24');
  }
  if (!divides(model, tensorParallel)) {
    throw configError(
      '--tensor-parallel-size',
      `the ${model.heads} attention heads of ${model.name} cannot be divided among ${tensorParallel} cards`,
      `use ${[1, 2, 4, 8, 16].filter((t) => divides(model, t)).join(', ')}`,
    );
  }
  if (maxModelLen > model.maxLength && !options.allowLong) {
    throw configError(
      '--max-model-len',
      `${model.name} takes at most ${model.maxLength} tokens, got ${maxModelLen}`,
      'as with vLLM, VLLM_ALLOW_LONG_MAX_MODEL_LEN=1 in the environment lets it be longer',
    );
  }
  if (maxNumBatchedTokens < maxNumSeqs) {
    const got = `got ${maxNumBatchedTokens} and ${maxNumSeqs}`;
    throw configError('--max-num-batched-tokens', `expected at least as many as --max-num-seqs, ${got}`);
  }
  if (!chunkedPrefill && maxNumBatchedTokens < maxModelLen) {
    throw configError(
      '--max-num-batched-tokens',
      `without chunked prefill the longest prompt has to fit in one step: expected at least ${maxModelLen}, got ${maxNumBatchedTokens}`,
      'leave chunked prefill on, or lower --max-model-len',
    );
  }
  const demand = { deployment, maxLength: maxModelLen, utilization: gpuMemoryUtilization, efficiency };
  const memory = memoryUse(deployment, efficiency, gpuMemoryUtilization);
  if (!fits(demand)) throwMemoryError(demand, memory);

  return {
    ...{ deployment, engine, memory, gpuMemoryUtilization, isRust: rustFrontend },
    frontEnd: frontEndOf(efficiency, options),
    ...{ blocks: Math.floor(memory.kvTokens / blockSize), blockSize, maxModelLen, maxNumSeqs, maxNumBatchedTokens },
    ...{ chunkedPrefill, prefixCaching, speculation, seed },
    stepCost: cardCost(deployment, efficiency, speculation),
  };
}

/** Costs of the front-end by the constants. */
function frontEndOf(efficiency: Efficiency, { apiServers = 1, streamInterval = 1 }: CardOptions): FrontEndCosts {
  const { requestMs, requestTurns, poolMs, switchMs, requestWaitMs, chunkTokens } = efficiency;
  return {
    ...{ processes: apiServers, streamInterval, requestMs, requestTurns, poolMs, switchMs },
    ...{ requestWaitMs, chunkTokens },
    ...{ promptTokenMs: efficiency.promptTokenUs / 1000, messageMs: efficiency.messageUs / 1000 },
    ...{ tokenMs: efficiency.tokenUs / 1000, eventMs: efficiency.eventUs / 1000 },
  };
}

/** Milliseconds of a step. Its roofline time, plus the cost of drafts where they are checked. */
function cardCost(
  deployment: Deployment,
  efficiency: Efficiency,
  speculation?: Speculation,
): (step: CardStep) => number {
  const time = stepTime(deployment, efficiency);
  const draftShare = efficiency.draftShare * (speculation?.tokens ?? 0);
  return (step) => {
    const drafting = step.drafting === 0 ? 0 : draftShare * time(decodeWork(step.drafting, step.drafting)).total;
    return time(step).total + drafting;
  };
}
