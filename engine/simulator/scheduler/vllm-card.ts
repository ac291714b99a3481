import { takesTime } from '../front-end/front-end-costs.js';
import type { CacheConfig } from '../http/metrics-page.js';
import { longestSequence } from './card-limits.js';
import type { CardPlan } from './card-plan.js';
import { SUPPOSED_CACHE } from './continuous-batching.js';

/** Engine properties that the HTTP side needs. */
export interface ServedEngine {
  readonly cache: CacheConfig;
  /** Simulated card, if any. Requests then ignore a fixed pace in their model's name. */
  readonly card: ServedCard | undefined;
}

/** Simulated card as requests see it. */
export interface ServedCard {
  /** Longest sequence, prompt and answer together. */
  readonly longest: number;
  /** Tokens in a block of the prefix cache. Undefined if it is off. */
  readonly prefixBlock: number | undefined;
  /** True if one event may carry several tokens. */
  readonly severalTokens: boolean;
  /** Description of the simulation in `/v1/models`. */
  readonly record: Readonly<Record<string, string | number | boolean>>;
}

const BLOCK_SIZE = 16;

/** Engine of a simulator without a card. */
export const PLAIN_ENGINE: ServedEngine = {
  cache: { blocks: SUPPOSED_CACHE / BLOCK_SIZE, blockSize: BLOCK_SIZE, dtype: 'auto', prefixCaching: false },
  card: undefined,
};

/** Engine of a simulated card. */
export function servedEngine(plan: CardPlan): ServedEngine {
  const { deployment, blocks, blockSize, prefixCaching, gpuMemoryUtilization, speculation, frontEnd } = plan;
  const { card, model, tensorParallel, weights, kv } = deployment;
  return {
    cache: { blocks, blockSize, dtype: kv === 'fp8' ? 'fp8' : 'auto', prefixCaching, gpuMemoryUtilization },
    card: {
      longest: longestSequence(plan),
      prefixBlock: prefixCaching ? blockSize : undefined,
      severalTokens: speculation !== undefined || takesTime(frontEnd),
      record: {
        card: card.name,
        model: model.name,
        tensorParallel,
        weights,
        kvCache: kv,
        kvTokens: blocks * blockSize,
        maxModelLen: plan.maxModelLen,
        maxNumSeqs: plan.maxNumSeqs,
        maxNumBatchedTokens: plan.maxNumBatchedTokens,
        prefixCaching,
        chunkedPrefill: plan.chunkedPrefill,
        engine: plan.engine.slug,
        ...(takesTime(frontEnd) && frontEndRecord(plan)),
        ...(speculation && { speculativeTokens: speculation.tokens, acceptanceRate: speculation.acceptance }),
      },
    },
  };
}

function frontEndRecord({ frontEnd, isRust }: CardPlan) {
  const { processes, streamInterval } = frontEnd;
  return { apiServers: processes, streamInterval, frontEnd: isRust ? 'rust' : 'python' };
}

/**
 * Description of a card in one line. Example: `simulates Qwen2.5-7B on 1 × H800 SXM in bf16, with room for 928,928 tokens in its
 * KV cache, …`.
 */
export function describeCard(plan: CardPlan): string {
  const { deployment, blocks, blockSize, maxNumSeqs, maxNumBatchedTokens, speculation, frontEnd } = plan;
  const { card, model, tensorParallel, weights, kv } = deployment;
  const drafts =
    speculation && `${speculation.tokens} drafted tokens a step, ${speculation.acceptance * 100} % of them right`;
  return [
    `simulates ${model.name} on ${tensorParallel} × ${card.name} in ${weights}`,
    `with room for ${(blocks * blockSize).toLocaleString('en')} tokens in its KV cache${kv === 'fp8' ? ' in fp8' : ''}`,
    `steps of up to ${maxNumBatchedTokens} tokens for ${maxNumSeqs} sequences`,
    plan.prefixCaching ? 'prefix caching' : 'no prefix caching',
    plan.chunkedPrefill ? 'chunked prefill' : 'no chunked prefill',
    ...(drafts ? [drafts] : []),
    ...(takesTime(frontEnd) ? [frontEndText(plan)] : []),
    `constants of ${plan.engine.slug}`,
  ].join(', ');
}

function frontEndText({ frontEnd, isRust }: CardPlan): string {
  const { processes, streamInterval } = frontEnd;
  const interval = streamInterval > 1 ? `, ${streamInterval} tokens an event` : '';
  return `${processes} API server${processes === 1 ? '' : 's'} in ${isRust ? 'Rust' : 'Python'}${interval}`;
}
