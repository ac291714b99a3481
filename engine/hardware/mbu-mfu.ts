import type { Deployment } from './deployment.js';
import { headWidth, parametersOf } from './models.js';
import { peakFlops } from './precision.js';
import { stepBytes } from './roofline.js';

/**
 * Model bandwidth utilization (MBU) of decoding. Bytes read per step, over its time, over the peak bandwidth of all
 * cards. `stepMs` is the time of a step, for which TPOT stands where each step yields a token; `contextTokens` are
 * those of all sequences in the batch. 1 would be a server that does nothing but read. Source: Databricks, "LLM
 * inference performance engineering", by step.
 */
export function bandwidthUtilization(deployment: Deployment, contextTokens: number, stepMs: number): number {
  const { card, tensorParallel } = deployment;
  return stepBytes(deployment, contextTokens) / (stepMs / 1000) / (card.bandwidth * 1e9 * tensorParallel);
}

/** Computed tokens per second, with their mean context. */
export interface TokenFlow {
  readonly tokensPerSecond: number;
  /** Half the length for a prompt's tokens. For an answer's, the prompt and half the answer. */
  readonly meanContext: number;
}

/**
 * Model FLOPs utilization (MFU). Σ (2·(linear + head) + 4·layers·heads·d·context)·tokens/s, over the peak of all cards
 * for the precision of the weights. Pass prompts and answers as two flows; prompts from a prefix cache are not
 * computed. A server computes the head for the last token of a prompt only, so the figure for prompts is a few per cent
 * too high.
 */
export function computeUtilization(deployment: Deployment, flows: readonly TokenFlow[]): number {
  const { card, model, tensorParallel, weights } = deployment;
  const { linear, head } = parametersOf(model);
  const perContext = 4 * model.layers * model.heads * headWidth(model);
  const flops = flows.reduce((sum, { tokensPerSecond, meanContext }) => {
    return sum + (2 * (linear + head) + perContext * meanContext) * tokensPerSecond;
  }, 0);
  return flops / (peakFlops(card, weights) * tensorParallel);
}
