import {
  type Deployment,
  decodeWork,
  divides,
  type Efficiency,
  memoryUse,
  prefillWork,
  stepTime,
} from '../../hardware/index.js';
import type { Limit } from './bottleneck.js';
import type { Objective } from './objective.js';
import type { Traffic } from './traffic.js';

/** Most sequences that a server runs at once. vLLM's default on most cards. */
const MOST_SEQUENCES = 256;

/** Constants of an estimate. */
export interface EstimateConstants {
  readonly efficiency: Efficiency;
  /** Usable share of each card's memory. */
  readonly utilization: number;
}

/** Roofline estimate of a replica under users in a closed loop. Means; times in milliseconds. */
export interface Expected {
  readonly ttft: number;
  readonly tpot: number;
  readonly e2e: number;
  readonly requestsPerSecond: number;
  readonly tokensPerSecond: number;
  /** Sequences that decode at once. */
  readonly batch: number;
  readonly limit: Limit;
}

/** Means that the roofline estimates, by the metric of a condition. */
const MEANS: Readonly<Record<string, (expected: Expected) => number>> = {
  llm_ttft: ({ ttft }) => ttft,
  llm_tpot: ({ tpot }) => tpot,
  llm_itl: ({ tpot }) => tpot,
  llm_e2e: ({ e2e }) => e2e,
  llm_failed: () => 0,
};

/** Estimated figure of a condition; undefined where unknown. For percentiles, the mean. */
export function expectedOf({ metric }: Objective, expected: Expected): number | undefined {
  return Object.hasOwn(MEANS, metric) ? MEANS[metric]?.(expected) : undefined;
}

/** Most sequences of such traffic that a deployment holds. 0 if the model does not fit. */
function sequencesOf(
  deployment: Deployment,
  { input, output }: Traffic,
  { efficiency, utilization }: EstimateConstants,
): number {
  if (!divides(deployment.model, deployment.tensorParallel)) return 0;
  const { kvTokens } = memoryUse(deployment, efficiency, utilization);
  if (kvTokens < input + output) return 0;
  return Math.min(MOST_SEQUENCES, kvTokens / (input + output / 2));
}

/**
 * Estimates a replica under load, by roofline and some constants. With B sequences of S input and N output
 * tokens that decode at once, and a think time of z between requests:
 *
 *   token    = step that decodes B + B/(N − 1) · step of a prompt (B/(N − 1) prompts come in per step)
 *   requests = B / ((N − 1) · token)
 *   TTFT     = token/2 + step of a prompt · (1 + ρ/(2(1 − ρ))), ρ the share of time that prompts take (the mean wait of M/D/1)
 *   users    = requests · (TTFT + (N − 1) · token + z)
 *
 * B is found from the last line. Users beyond the most sequences that fit wait before their first token. Undefined where nothing fits.
 */
export function expectedUnder(
  deployment: Deployment,
  traffic: Traffic,
  users: number,
  constants: EstimateConstants,
): Expected | undefined {
  const most = sequencesOf(deployment, traffic, constants);
  if (most < 1) return undefined;
  const step = stepTime(deployment, constants.efficiency);
  const gaps = Math.max(1, traffic.output - 1);
  const prompt = step(prefillWork(Math.max(1, Math.round(traffic.input)))).total;
  const at = (batch: number) => {
    const token = step(decodeWork(batch, batch * (traffic.input + traffic.output / 2))).total + (batch / gaps) * prompt;
    const rate = batch / (gaps * token);
    const busy = Math.min(0.99, rate * prompt);
    const ttft = token / 2 + prompt * (1 + busy / (2 * (1 - busy)));
    return { token, rate, ttft, users: rate * (ttft + gaps * token + traffic.thinking) };
  };
  let [low, high] = [0, most];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (at(middle).users < users) low = middle;
    else high = middle;
  }
  const { token, rate, ttft, users: served } = at(high);
  const waiting = Math.max(0, users - served) / rate;
  const work = decodeWork(high, high * (traffic.input + traffic.output / 2));
  const { memory, compute, total } = step(work);
  const computing = compute + (high / gaps) * prompt;
  const isFull = users > served * 1.0001;
  const limit: Limit = isFull
    ? most < MOST_SEQUENCES
      ? 'KV memory'
      : 'queue'
    : Math.max(memory, computing) < total / 3
      ? 'other'
      : memory >= computing
        ? 'bandwidth'
        : 'compute';
  return {
    ttft: ttft + waiting,
    tpot: token,
    e2e: ttft + waiting + gaps * token,
    requestsPerSecond: 1000 * rate,
    tokensPerSecond: 1000 * rate * traffic.output,
    batch: high,
    limit,
  };
}
