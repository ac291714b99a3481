import * as v from 'valibot';
import { gauge, importedRun, share, type Told, trend } from './imported-run.js';
import { has, type Importer, objectOf } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));
const statistics = v.optional(v.nullable(v.record(v.string(), maybe)));

/** Fields read from genai-bench's result file. */
const shape = v.looseObject({
  _time_unit: v.optional(v.picklist(['s', 'ms']), 's'),
  aggregated_metrics: v.looseObject({
    scenario: v.optional(v.nullable(v.string())),
    num_concurrency: maybe,
    requests_per_second: maybe,
    mean_output_throughput_tokens_per_s: maybe,
    mean_total_tokens_throughput_tokens_per_s: maybe,
    num_error_requests: maybe,
    num_completed_requests: maybe,
    stats: v.looseObject({
      ttft: statistics,
      tpot: statistics,
      e2e_latency: statistics,
      num_input_tokens: statistics,
      num_output_tokens: statistics,
    }),
  }),
});

/** Results of `genai-bench benchmark`, of one scenario at one concurrency. */
export const genaiBench: Importer = {
  tool: 'genai-bench',
  reads: 'the JSON of a genai-bench run (not its experiment_metadata.json)',
  recognises: (document) => has(objectOf(document).aggregated_metrics, 'stats'),
  runs(file, document) {
    const { aggregated_metrics: told, _time_unit: unit } = v.parse(shape, document);
    const { stats, num_completed_requests: completed } = told;
    const time = (found: Told | null | undefined, remark: string) => {
      const { mean: avg, min, max, stddev, p50: med, p75, p90, p95, p99 } = found ?? {};
      const values = { avg, min, max, stddev, med, 'p(75)': p75, 'p(90)': p90, 'p(95)': p95, 'p(99)': p99 };
      return trend({ ...values, count: found ? completed : undefined }, { scale: unit === 'ms' ? 1 : 1000, remark });
    };
    const metrics = {
      llm_ttft: time(stats.ttft, 'to the first event with text or reasoning'),
      llm_tpot: time(stats.tpot, 'by output tokens less one'),
      llm_e2e: time(stats.e2e_latency, 'to the end of the stream'),
      llm_requests_per_second: gauge(told.requests_per_second),
      llm_output_tokens_per_second: gauge(told.mean_output_throughput_tokens_per_s),
      llm_total_tokens_per_second: gauge(told.mean_total_tokens_throughput_tokens_per_s),
      llm_failed: share(told.num_error_requests ?? 0, completed ?? 0),
    };
    const tokens = {
      input: stats.num_input_tokens?.mean ?? undefined,
      output: stats.num_output_tokens?.mean ?? undefined,
    };
    const plan = `${told.scenario ?? 'one scenario'}, concurrency ${told.num_concurrency ?? 'unknown'}`;
    return [importedRun(file, 'genai-bench', metrics, { tokens, tokenizer: 'the server', facts: { plan } })];
  },
};
