import * as v from 'valibot';
import { gauge, importedRun, share, trend } from './imported-run.js';
import { has, type Importer } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));

/** Fields read from a line of sglang's bench_serving. */
const shape = v.looseObject({
  completed: v.number(),
  total_input_tokens: v.number(),
  total_output_tokens: v.number(),
  request_throughput: v.number(),
  output_throughput: v.number(),
  total_throughput: maybe,
  failed: maybe,
  num_prompts: maybe,
  request_rate: v.optional(v.nullable(v.union([v.number(), v.string()]))),
  max_concurrency: maybe,
});

/** Results of `python -m sglang.bench_serving`. */
export const sglang: Importer = {
  tool: 'sglang',
  reads: 'the JSON lines of sglang.bench_serving',
  recognises: (document) => has(document, 'total_output_tokens_retokenized', 'output_throughput'),
  runs(file, document) {
    const result = v.parse(shape, document);
    const { completed, total_input_tokens: input, total_output_tokens: output } = result;
    const failed = result.failed ?? (result.num_prompts == null ? undefined : result.num_prompts - completed);
    const told = (key: string) => {
      const of = (statistic: string) => v.parse(maybe, result[`${statistic}_${key}_ms`]);
      const percentiles = { 'p(90)': of('p90'), 'p(95)': of('p95'), 'p(99)': of('p99') };
      return { avg: of('mean'), med: of('median'), stddev: of('std'), ...percentiles };
    };
    const metrics = {
      llm_ttft: trend(told('ttft'), { remark: 'to the first event with text' }),
      llm_tpot: trend(told('tpot'), { remark: 'by output tokens less one' }),
      llm_chunk_gap: trend(told('itl'), { remark: 'the gap between chunks, shared out over the tokens of each' }),
      llm_e2e: trend(told('e2e_latency')),
      llm_requests_per_second: gauge(result.request_throughput),
      llm_output_tokens_per_second: gauge(result.output_throughput, 'tokens of good requests alone'),
      llm_total_tokens_per_second: gauge(result.total_throughput),
      llm_failed: failed === undefined ? undefined : share(failed, completed),
    };
    const plan = `rate ${result.request_rate ?? 'inf'}, concurrency ${result.max_concurrency ?? 'unlimited'}`;
    const tokens = completed > 0 ? { input: input / completed, output: output / completed } : {};
    return [importedRun(file, 'sglang', metrics, { tokens, tokenizer: 'its own tokenizer', facts: { plan } })];
  },
};
