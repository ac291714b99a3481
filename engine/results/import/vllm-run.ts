import * as v from 'valibot';
import type { ComparedMetric, ComparedRun } from '../compare/compared-run.js';
import { trendOfSamples } from '../confidence-interval.js';
import { exactPercentiles } from '../exact-percentiles.js';
import { gauge, importedRun, share, trend } from './imported-run.js';
import { has, type Importer } from './importer.js';

const numbers = v.optional(v.nullable(v.array(v.number())));
const maybe = v.optional(v.nullable(v.number()));

/** Fields read from the file of `vllm bench serve --save-result`. */
const shape = v.looseObject({
  duration: v.number(),
  completed: v.number(),
  total_input_tokens: v.number(),
  total_output_tokens: v.number(),
  request_throughput: v.number(),
  output_throughput: v.number(),
  total_token_throughput: maybe,
  request_goodput: maybe,
  failed: maybe,
  num_prompts: maybe,
  model_id: v.optional(v.nullable(v.string())),
  request_rate: v.optional(v.nullable(v.union([v.number(), v.string()]))),
  max_concurrency: maybe,
  ttfts: numbers,
  itls: v.optional(v.nullable(v.array(v.array(v.number())))),
  output_lens: numbers,
  latencies: numbers,
});

type Result = v.InferOutput<typeof shape>;

/** Clients whose files differ in their rules. */
type Client = 'rust' | 'first-output' | 'first-chunk';

const FIRST_OUTPUT =
  'to the first event with output, the rule of vLLM 0.33 (its file tells no version: 0.32 ended it with the first chunk, though it may be empty)';
const FIRST_CHUNK = 'to the first chunk, though it may be empty: the rule of vLLM before 0.33 and of its Rust client';
const GAP = 'the gap between chunks, however many tokens they have: what vLLM calls ITL';

/** Our names of vLLM's latencies, and their remarks, by client. */
const LATENCIES: Readonly<Record<Client, Readonly<Record<string, readonly [metric: string, remark?: string]>>>> = {
  'first-output': {
    ttft: ['llm_ttft', FIRST_OUTPUT],
    tpot: ['llm_tpot', 'by output tokens less one'],
    itl: ['llm_chunk_gap', GAP],
    e2el: ['llm_e2e'],
  },
  'first-chunk': {
    ttft: ['llm_ttft_chunk', FIRST_CHUNK],
    tpot: ['llm_tpot_chunk', 'since the first chunk, though it may be empty; by output tokens less one'],
    itl: ['llm_chunk_gap', GAP],
    e2el: ['llm_e2e'],
  },
  rust: {
    ttft: ['llm_ttft_chunk', FIRST_CHUNK],
    tpot: ['llm_tpot_chunk', 'since the first chunk, though it may be empty; by output tokens less one'],
    itl: ['llm_chunk_gap', `${GAP}; the first and the last chunk, which are empty, among them`],
    e2el: ['llm_e2e'],
  },
};

/** Results of `vllm bench serve`, of either client. */
export const vllm: Importer = {
  tool: 'vllm',
  reads: 'the JSON of vllm bench serve --save-result',
  recognises: (document) =>
    has(document, 'output_throughput', 'completed', 'duration') && !has(document, 'total_output_tokens_retokenized'),
  runs: (file, document) => [runOf(file, v.parse(shape, document))],
};

function runOf(file: string, result: Result): ComparedRun {
  const { completed, duration, total_input_tokens: input, total_output_tokens: output } = result;
  const failed = result.failed ?? (result.num_prompts == null ? undefined : result.num_prompts - completed);
  const client = clientOf(result);
  const good = result.request_goodput == null ? undefined : Math.round(result.request_goodput * duration);
  const all = completed + (failed ?? 0);
  const metrics = {
    llm_requests_per_second: gauge(result.request_throughput),
    llm_output_tokens_per_second: gauge(result.output_throughput, 'tokens of good requests alone'),
    llm_total_tokens_per_second: gauge(result.total_token_throughput),
    llm_failed: failed === undefined ? undefined : share(failed, completed),
    llm_good: good === undefined ? undefined : share(Math.min(good, all), Math.max(0, all - good)),
    ...(completed > 0 && latenciesOf(result, client)),
  };
  return importedRun(file, 'vllm', metrics, {
    tokens: completed > 0 ? { input: input / completed, output: output / completed } : {},
    tokenizer: client === 'rust' ? 'its own tokenizer' : 'the server',
    facts: {
      ...(result.model_id && { model: result.model_id }),
      plan: `${all} requests, rate ${result.request_rate ?? 'inf'}, concurrency ${result.max_concurrency ?? 'unlimited'}`,
    },
  });
}

/** The client by the keys that only its files have. */
function clientOf(result: Result): Client {
  if ('input_throughput' in result || 'max_model_len' in result || 'steady_state' in result) return 'rust';
  // Our own, made of a saved record, lacks the times of requests.
  const isNew = isOurs(result) && 'rtfx' in result;
  return isNew || 'queue_times' in result ? 'first-output' : 'first-chunk';
}

/** True for a file of ours in vLLM's form. */
function isOurs(result: Result): boolean {
  return result.endpoint_type === 'tokenswarm';
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

function latenciesOf(result: Result, client: Client): Record<string, ComparedMetric | undefined> {
  const sampled = samplesOf(result);
  const found: Record<string, ComparedMetric | undefined> = {};
  for (const [key, [name, rule = '']] of Object.entries(LATENCIES[client])) {
    // Ours has gaps between chunks with output only, whichever client it follows.
    const remark = key === 'itl' && isOurs(result) ? GAP : rule;
    const told = trend(statisticsOf(result, key), { remark });
    const samples = sampled[key];
    // What was never measured is 0 there, whatever the samples say.
    const isNothing = told === undefined && result[`mean_${key}_ms`] !== undefined;
    found[name] = samples && !isNothing ? fromSamples(samples, told, remark) : told;
  }
  return found;
}

/** Trend of samples. All percentiles are by vLLM's definition, for those in the file are. */
function fromSamples(
  samples: readonly (readonly number[])[],
  told: ComparedMetric | undefined,
  remark: string,
): ComparedMetric | undefined {
  const found = trendOfSamples(samples);
  if (!found) return told;
  const values = { ...found.values, ...exactPercentiles(samples.flat()), ...told?.values };
  return { ...found, values, percentiles: 'interpolated', ...(remark !== '' && { remark }) };
}

function statisticsOf(result: Readonly<Record<string, unknown>>, key: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [theirs, ours] of Object.entries(STATISTICS)) {
    const value = result[`${theirs}_${key}_ms`];
    if (typeof value === 'number') found[ours] = value;
  }
  return found;
}

/** Samples in milliseconds by request, where `--save-detailed` has kept them. Failed requests have none. */
function samplesOf(result: Result): Record<string, readonly (readonly number[])[] | undefined> {
  const { ttfts, itls, output_lens: lengths, latencies } = result;
  if (!ttfts || !itls || ttfts.length !== itls.length) return {};
  // Only where it has an entry for each request, for failed ones are left out of it by some clients.
  const whole = latencies?.length === ttfts.length ? latencies : undefined;
  const requests = ttfts.flatMap((ttft, index) => {
    const gaps = (itls[index] ?? []).map((gap) => gap * 1000);
    const decoding = gaps.reduce((sum, gap) => sum + gap, 0);
    const e2e = whole?.[index] ? (whole[index] ?? 0) * 1000 : ttft * 1000 + decoding;
    return ttft > 0 ? [{ ttft: ttft * 1000, gaps, e2e, tokens: lengths?.[index] ?? 0 }] : [];
  });
  return {
    ttft: requests.map(({ ttft }) => [ttft]),
    tpot: requests.map(({ e2e, ttft, tokens }) => (tokens > 1 ? [(e2e - ttft) / (tokens - 1)] : [])),
    itl: requests.map(({ gaps }) => gaps),
    e2el: requests.map(({ e2e }) => [e2e]),
  };
}
