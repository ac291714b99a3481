import { linkBetween } from './cards.js';
import type { Deployment } from './deployment.js';
import type { Efficiency } from './efficiency.js';
import { headWidth, parametersOf } from './models.js';
import { kvBytesPerTokenAndCard, peakFlops, weightBytesRead } from './precision.js';

/** Work of one engine step, summed over its sequences. */
export interface StepWork {
  /** Sequences in the step. */
  readonly sequences: number;
  /** Tokens computed: decoded, verified, or a chunk of a prompt. */
  readonly tokens: number;
  /** Tokens passed through the output head. */
  readonly sampled: number;
  /** Tokens whose keys and values are read, this step's included. */
  readonly contextTokens: number;
  /** Pairs of a token and one that it attends to. Σ n·(c + (n + 1)/2) for n new tokens after c others. */
  readonly attended: number;
  /** Sequences whose prompts are computed, at least in part. */
  readonly prompts: number;
}

/**
 * Work of decoding one token for each of `batch` sequences. `contextTokens` are their tokens in all, the new ones
 * included.
 */
export function decodeWork(batch: number, contextTokens: number): StepWork {
  return { sequences: batch, tokens: batch, sampled: batch, contextTokens, attended: contextTokens, prompts: 0 };
}

/** Work of computing `tokens` of one prompt after `cached` others. The whole prompt where that is 0. */
export function prefillWork(tokens: number, cached = 0): StepWork {
  const attended = tokens * (cached + (tokens + 1) / 2);
  return { sequences: 1, tokens, sampled: 1, contextTokens: cached + tokens, attended, prompts: 1 };
}

/** Time of a step in milliseconds, and its parts. */
export interface StepTime {
  readonly total: number;
  /** Reading weights and KV cache at the memory's bandwidth. */
  readonly memory: number;
  /** Floating-point operations at the peak of the matrix units. */
  readonly compute: number;
  /** All-reduces among the cards. */
  readonly link: number;
  /** Launching operations, scheduling and sampling, as far as they delay the step. */
  readonly overhead: number;
}

/**
 * Step time of a deployment:
 *
 *   matrices = max(weights read / bandwidth, (2·linear·tokens + 2·head·sampled) / peak), both counts at least `tileRows`
 *   attention = max(keys and values read / bandwidth, 4·layers·heads·d·attended / bf16 peak)
 *   card = matrices + attention + all-reduces + time of operations
 *   host = step overhead + sequences·sequence overhead + (prompts > 0: prompt step + prompts·prompt) + (tokens > graph tokens: eager)
 *   total = card + host − overlap·min(card, host)
 *
 * each divided among the cards, and with the shares of bandwidth and peak that `efficiency` says. Two all-reduces a
 * layer move 2(t − 1)/t·tokens·hidden·2 bytes over one direction of the link. The flops are those of vLLM's own metrics
 * (`vllm/v1/metrics/perf.py`).
 */
export function stepTime(deployment: Deployment, efficiency: Efficiency): (work: StepWork) => StepTime {
  const { card, model, tensorParallel: t, weights, kv } = deployment;
  const { linear, head } = parametersOf(model);
  const bandwidth = card.bandwidth * 1e6 * efficiency.memoryBandwidth;
  const matrixPeak = peakFlops(card, weights) * 1e-3 * efficiency.compute;
  const bf16Peak = peakFlops(card, 'bf16') * 1e-3 * efficiency.compute;
  const weightsMs = weightBytesRead(model, weights) / t / bandwidth;
  const kvMs = kvBytesPerTokenAndCard(model, kv, t) / bandwidth;
  const tokenMs = (2 * linear) / t / matrixPeak;
  // The head stays in bf16.
  const sampledMs = (2 * head) / t / bf16Peak;
  const attendedMs = (4 * model.layers * model.heads * headWidth(model)) / t / bf16Peak;
  const allReduce = allReduceTime(deployment, efficiency);
  const operationsMs = (efficiency.operationsPerLayer * model.layers * efficiency.operationUs) / 1000;
  const sequenceMs = efficiency.sequenceOverheadUs / 1000;
  const { tileRows, stepOverheadMs, promptStepMs, promptMs, graphTokens, eagerMs, hostOverlap } = efficiency;

  return ({ sequences, tokens, sampled, contextTokens, attended, prompts }) => {
    const matrices = tokenMs * Math.max(tileRows, tokens) + sampledMs * Math.max(tileRows, sampled);
    const attention = attendedMs * attended;
    const keysAndValues = kvMs * contextTokens;
    const link = 2 * model.layers * allReduce(tokens);
    const card = Math.max(weightsMs, matrices) + Math.max(keysAndValues, attention) + link + operationsMs;
    const admitting = prompts > 0 ? promptStepMs + promptMs * prompts : 0;
    const host = stepOverheadMs + sequenceMs * sequences + admitting + (tokens > graphTokens ? eagerMs : 0);
    const late = host - hostOverlap * Math.min(card, host);
    return {
      total: card + late,
      memory: weightsMs + keysAndValues,
      compute: matrices + attention,
      link,
      overhead: operationsMs + late,
    };
  };
}

/** Time of an all-reduce over the hidden states, in milliseconds. A ring in bf16, and a latency. */
export function allReduceTime(
  { card, model, tensorParallel: t }: Deployment,
  efficiency: Efficiency,
): (tokens: number) => number {
  if (t === 1) return () => 0;
  const { kind, oneWay } = linkBetween(card, t);
  const isNvlink = kind === 'nvlink';
  const share = isNvlink ? efficiency.nvlinkBandwidth : efficiency.pcieBandwidth;
  const latencyMs = (isNvlink ? efficiency.nvlinkLatencyUs : efficiency.pcieLatencyUs) / 1000;
  const tokenMs = (((2 * (t - 1)) / t) * model.hidden * 2) / (oneWay * 1e6 * share);
  return (tokens) => latencyMs + tokenMs * tokens;
}

/** Lower bound of a time, in milliseconds, with its limiting resource. */
export interface Bound {
  readonly ms: number;
  readonly limit: 'compute' | 'memory';
}

/**
 * Least time to first token of one prompt on an idle server. (2·(linear + head)·S + 2·layers·heads·d·S²) / (t·peak), or
 * reading the weights once. The head is counted for every token, as in published estimates; a server that computes it
 * for the last one alone is a few per cent faster.
 */
export function prefillBound({ card, model, tensorParallel: t, weights }: Deployment, promptTokens: number): Bound {
  const { linear, head } = parametersOf(model);
  const matrices = (2 * (linear + head) * promptTokens) / peakFlops(card, weights);
  const attention = (2 * model.layers * model.heads * headWidth(model) * promptTokens ** 2) / peakFlops(card, 'bf16');
  return larger(matrices + attention, weightBytesRead(model, weights) / (card.bandwidth * 1e9), t);
}

/**
 * Least time of a step that decodes `batch` sequences of `context` tokens. max((weights + batch·context·kv) /
 * (t·bandwidth), (2·(linear + head)·batch + 4·layers·heads·d·batch·context) / (t·peak)), without all-reduces.
 */
export function decodeBound(deployment: Deployment, batch: number, context: number): Bound {
  const { card, model, tensorParallel: t, weights } = deployment;
  const { linear, head } = parametersOf(model);
  const matrices = (2 * (linear + head) * batch) / peakFlops(card, weights);
  const attention = (4 * model.layers * model.heads * headWidth(model) * batch * context) / peakFlops(card, 'bf16');
  return larger(matrices + attention, stepBytes(deployment, batch * context) / (card.bandwidth * 1e9), t);
}

/** Bytes that all cards read in a decoding step. The weights once, and keys and values of every token in the batch. */
export function stepBytes({ model, weights, kv, tensorParallel: t }: Deployment, contextTokens: number): number {
  return weightBytesRead(model, weights) + contextTokens * kvBytesPerTokenAndCard(model, kv, t) * t;
}

function larger(computeSeconds: number, memorySeconds: number, cards: number): Bound {
  const ms = (Math.max(computeSeconds, memorySeconds) * 1000) / cards;
  return { ms, limit: computeSeconds > memorySeconds ? 'compute' : 'memory' };
}
