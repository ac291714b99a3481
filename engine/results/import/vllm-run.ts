import * as v from 'valibot';
import type { ComparedMetric, ComparedRun } from '../compare/compared-run.js';
import { trendOfSamples } from '../confidence-interval.js';

const numbers = v.optional(v.nullable(v.array(v.number())));

/** Schema of the fields read from `vllm bench serve --save-result`. */
const shape = v.looseObject({
  duration: v.number(),
  completed: v.number(),
  total_input_tokens: v.number(),
  total_output_tokens: v.number(),
  request_throughput: v.number(),
  output_throughput: v.number(),
  total_token_throughput: v.optional(v.number()),
  failed: v.optional(v.nullable(v.number())),
  num_prompts: v.optional(v.nullable(v.number())),
  model_id: v.optional(v.nullable(v.string())),
  request_rate: v.optional(v.nullable(v.union([v.number(), v.string()]))),
  max_concurrency: v.optional(v.nullable(v.number())),
  ttfts: numbers,
  itls: v.optional(v.nullable(v.array(v.array(v.number())))),
  output_lens: numbers,
});

/** Names of vLLM's latencies in tokenswarm, and remarks on their definitions. */
const LATENCIES = {
  ttft: ['llm_ttft_chunk', 'to the first chunk, though it may be empty'],
  tpot: ['llm_tpot_chunk', 'since the first chunk, though it may be empty; by output tokens less one'],
  itl: ['llm_chunk_gap', 'the gap between chunks, however many tokens they have: what vLLM calls ITL'],
  e2el: ['llm_e2e', ''],
} as const;

/** True if a document may be of `vllm bench serve`. */
export function isVllm(document: object): boolean {
  return 'output_throughput' in document && 'completed' in document && 'duration' in document;
}

/** Run from a file of `vllm bench serve`. Throws a valibot error if it is damaged. */
export function vllmRun(file: string, document: unknown): ComparedRun {
  const result = v.parse(shape, document);
  const { completed, total_input_tokens: input, total_output_tokens: output } = result;
  const failed = result.failed ?? (result.num_prompts == null ? undefined : result.num_prompts - completed);
  const gauge = (value: number): ComparedMetric => ({ type: 'gauge', contains: 'default', values: { value } });
  const sampled = completed > 0 ? samplesOf(result) : {};
  const metrics: Record<string, ComparedMetric> = {
    llm_requests_per_second: gauge(result.request_throughput),
    llm_output_tokens_per_second: { ...gauge(result.output_throughput), remark: 'tokens of good requests alone' },
    ...(result.total_token_throughput !== undefined && {
      llm_total_tokens_per_second: gauge(result.total_token_throughput),
    }),
    ...(failed !== undefined &&
      completed + failed > 0 && {
        llm_failed: {
          type: 'rate',
          contains: 'default',
          values: { rate: failed / (completed + failed), passes: failed, fails: completed },
        },
      }),
  };
  for (const [key, [name, remark]] of Object.entries(LATENCIES)) {
    const told = statisticsOf(result, key);
    const samples = sampled[name];
    if (completed === 0 || (Object.keys(told).length === 0 && !samples)) continue;
    const metric = samples ?? { type: 'trend', contains: 'time', values: told };
    metrics[name] = { ...metric, values: { ...metric.values, ...told }, ...(remark !== '' && { remark }) };
  }
  return {
    file,
    tool: 'vllm',
    metrics,
    tokens: completed > 0 ? { input: input / completed, output: output / completed } : {},
    window: 'whole',
    facts: {
      ...(result.model_id && { model: result.model_id }),
      plan: `${completed + (failed ?? 0)} requests, rate ${result.request_rate ?? 'inf'}, concurrency ${result.max_concurrency ?? 'unlimited'}`,
    },
    intervals: [],
  };
}

const STATISTICS = {
  mean: 'avg',
  median: 'med',
  std: 'stddev',
  p50: 'med',
  p75: 'p(75)',
  p90: 'p(90)',
  p95: 'p(95)',
  p99: 'p(99)',
};

function statisticsOf(result: Readonly<Record<string, unknown>>, key: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [theirs, ours] of Object.entries(STATISTICS)) {
    const value = result[`${theirs}_${key}_ms`];
    if (typeof value === 'number') found[ours] = value;
  }
  return found;
}

/** Samples kept by `--save-detailed`, converted from seconds to milliseconds. Failed requests have none. */
function samplesOf({
  ttfts,
  itls,
  output_lens: lengths,
}: v.InferOutput<typeof shape>): Record<string, ComparedMetric | undefined> {
  if (!ttfts || !itls || ttfts.length !== itls.length) return {};
  const requests = ttfts.flatMap((ttft, index) => {
    const gaps = (itls[index] ?? []).map((gap) => gap * 1000);
    const decoding = gaps.reduce((sum, gap) => sum + gap, 0);
    return ttft > 0 ? [{ ttft: ttft * 1000, gaps, decoding, tokens: lengths?.[index] ?? 0 }] : [];
  });
  return {
    llm_ttft_chunk: trendOfSamples(requests.map(({ ttft }) => [ttft])),
    llm_tpot_chunk: trendOfSamples(
      requests.map(({ decoding, tokens }) => (tokens > 1 ? [decoding / (tokens - 1)] : [])),
    ),
    llm_chunk_gap: trendOfSamples(requests.map(({ gaps }) => gaps)),
    llm_e2e: trendOfSamples(requests.map(({ ttft, decoding }) => [ttft + decoding])),
  };
}
