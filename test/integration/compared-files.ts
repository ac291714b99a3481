import type { Summary } from '../../engine/metrics/snapshot.js';
import { healthy } from '../unit/reporters/summaries.js';

/** Output of `vllm bench serve --save-result --save-detailed`, shortened. */
export const VLLM = {
  date: '20261125-070000',
  backend: 'vllm',
  model_id: 'Qwen/Qwen2.5-7B-Instruct',
  num_prompts: 42,
  request_rate: 'inf',
  max_concurrency: 20,
  duration: 10,
  completed: 40,
  failed: 2,
  total_input_tokens: 3844,
  total_output_tokens: 5120,
  request_throughput: 4,
  output_throughput: 512,
  total_token_throughput: 896.4,
  mean_ttft_ms: 61,
  median_ttft_ms: 60,
  p99_ttft_ms: 95,
  mean_tpot_ms: 10,
  mean_itl_ms: 10,
};

const distribution = (mean: number) => {
  return {
    successful: {
      mean,
      median: mean,
      std_dev: mean / 10,
      count: 500,
      percentiles: { p95: mean * 1.2, p99: mean * 1.5 },
    },
  };
};
export const GUIDELLM = {
  metadata: { version: 2 },
  benchmarks: [
    {
      config: { strategy: { type_: 'concurrent', streams: 20 } },
      metrics: {
        request_totals: { successful: 500, incomplete: 3, errored: 5, total: 508 },
        requests_per_second: distribution(40),
        request_latency: distribution(1.3),
        prompt_token_count: distribution(96),
        output_token_count: distribution(128),
        time_to_first_token_ms: distribution(62),
        time_per_output_token_ms: distribution(10.3),
        inter_token_latency_ms: distribution(9.9),
        output_tokens_per_second: distribution(5100),
      },
    },
  ],
};

/** The healthy run with bounds and with all latencies times a factor. A run of half a minute has such bounds. */
export function scaled(factor: number): Summary {
  const metrics = Object.entries(healthy.metrics).map(([name, metric]) => {
    if (!/^llm_(ttft|tpot|itl|e2e)$/.test(name)) return [name, metric];
    const values = Object.fromEntries(
      Object.entries(metric.values).map(([key, value]) => [key, key === 'count' ? value : value * factor]),
    );
    const confidence = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, [value * 0.97, value * 1.03]]),
    );
    return [name, { ...metric, values, confidence }];
  });
  return { ...healthy, metrics: Object.fromEntries(metrics) as Summary['metrics'] };
}
