import * as v from 'valibot';
import type { ComparedMetric, ComparedRun } from '../compare/compared-run.js';
import { trendOfSamples } from '../confidence-interval.js';
import { exactPercentiles } from '../exact-percentiles.js';
import { gauge, importedRun, share, trend } from './imported-run.js';
import { has, type Importer } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));
const TTFT = 'to the first event with text, reasoning left out';
const PER_TOKEN = "what llmperf calls inter-token latency: TTFT is in it, by its own tokenizer's count";
const TOKENIZER = 'a Llama tokenizer of its own';

/** Schema of llmperf's summary, as far as it is read. */
const shape = v.looseObject({
  model: v.optional(v.nullable(v.string())),
  num_concurrent_requests: maybe,
  results_num_requests_started: maybe,
  results_number_errors: maybe,
  results_num_completed_requests: maybe,
  results_num_completed_requests_per_min: maybe,
  results_mean_output_throughput_token_per_s: maybe,
  results_number_input_tokens_mean: maybe,
  results_number_output_tokens_mean: maybe,
});

/** Summary of llmperf's token_benchmark_ray.py. */
export const llmperf: Importer = {
  tool: 'llmperf',
  reads: "llmperf's …_summary.json",
  recognises: (document) => has(document, 'results_ttft_s_mean'),
  runs(file, document) {
    const told = v.parse(shape, document);
    const completed = told.results_num_completed_requests ?? undefined;
    const time = (key: string, remark: string) => {
      const of = (statistic: string) => v.parse(maybe, told[`results_${key}_${statistic}`]);
      const quantile = (percent: number) => of(`quantiles_p${percent}`);
      const values = { avg: of('mean'), min: of('min'), max: of('max'), stddev: of('stddev'), med: quantile(50) };
      const percentiles = {
        'p(75)': quantile(75),
        'p(90)': quantile(90),
        'p(95)': quantile(95),
        'p(99)': quantile(99),
      };
      return trend({ ...values, ...percentiles, count: completed }, { scale: 1000, remark });
    };
    const perMinute = told.results_num_completed_requests_per_min;
    const metrics = {
      llm_ttft: time('ttft_s', TTFT),
      tpot_with_ttft: time('inter_token_latency_s', PER_TOKEN),
      llm_e2e: time('end_to_end_latency_s', 'to the end of the stream'),
      llm_requests_per_second: gauge(perMinute == null ? undefined : perMinute / 60, 'its own pauses are in its time'),
      llm_output_tokens_per_second: gauge(
        told.results_mean_output_throughput_token_per_s,
        'its own pauses are in its time',
      ),
      llm_failed: share(told.results_number_errors ?? 0, completed ?? 0),
    };
    const tokens = {
      input: told.results_number_input_tokens_mean ?? undefined,
      output: told.results_number_output_tokens_mean ?? undefined,
    };
    const facts = {
      ...(told.model && { model: told.model }),
      plan: `concurrency ${told.num_concurrent_requests ?? 'unknown'}`,
    };
    return [importedRun(file, 'llmperf', metrics, { tokens, tokenizer: TOKENIZER, facts })];
  },
};

/** Schema of llmperf's individual responses. */
const responses = v.array(
  v.looseObject({
    error_code: v.optional(v.nullable(v.union([v.number(), v.string()]))),
    ttft_s: v.number(),
    end_to_end_latency_s: v.number(),
    inter_token_latency_s: v.number(),
    number_input_tokens: maybe,
    number_output_tokens: maybe,
  }),
);

/** Requests of llmperf's token_benchmark_ray.py, one by one. */
export const llmperfResponses: Importer = {
  tool: 'llmperf',
  reads: "llmperf's …_individual_responses.json",
  recognises: (document) => Array.isArray(document) && has(document[0], 'inter_token_latency_s', 'ttft_s'),
  runs: (file, document) => [runOf(file, v.parse(responses, document))],
};

function runOf(file: string, all: v.InferOutput<typeof responses>): ComparedRun {
  const good = all.filter(({ error_code: code }) => code === null || code === undefined);
  const time = (seconds: readonly number[], remark: string): ComparedMetric | undefined => {
    const samples = seconds.map((each) => each * 1000);
    const found = trendOfSamples(samples.map((sample) => [sample]));
    return (
      found && {
        ...found,
        values: { ...found.values, ...exactPercentiles(samples) },
        percentiles: 'interpolated',
        remark,
      }
    );
  };
  const meanOf = (values: readonly (number | null | undefined)[]) => {
    return values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / Math.max(1, values.length);
  };
  const metrics = {
    llm_ttft: time(
      good.map((each) => each.ttft_s),
      TTFT,
    ),
    tpot_with_ttft: time(
      good.map((each) => each.inter_token_latency_s),
      PER_TOKEN,
    ),
    llm_e2e: time(
      good.map((each) => each.end_to_end_latency_s),
      'to the end of the stream',
    ),
    llm_failed: share(all.length - good.length, good.length),
  };
  const tokens = {
    input: meanOf(good.map((each) => each.number_input_tokens)),
    output: meanOf(good.map((each) => each.number_output_tokens)),
  };
  return importedRun(file, 'llmperf', metrics, { tokens, tokenizer: TOKENIZER });
}
