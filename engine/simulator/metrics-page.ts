import type { PacerLoad } from './pacer.js';

/** The media type of Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The key-value cache that the simulator says it has; what does not fit waits for nothing, so it may seem more than full. */
const BLOCKS = 2048;
const BLOCK_TOKENS = 16;

/** What vLLM's `/metrics` says, as far as a simulator has it: there is no prefix cache, and nothing is preempted. */
export function metricsPage(model: string, { running, waiting, contextTokens, promptTokens }: PacerLoad): string {
  const labels = `engine="0",model_name="${model.replace(/[\\"]/g, '\\$&')}"`;
  const metric = (type: 'gauge' | 'counter', name: string, meaning: string, value: number) =>
    `# HELP vllm:${name} ${meaning}\n# TYPE vllm:${name} ${type}\nvllm:${name}{${labels}} ${value}\n`;
  const config = `block_size="${BLOCK_TOKENS}",num_gpu_blocks="${BLOCKS}",cache_dtype="auto",enable_prefix_caching="False",engine="0"`;
  return [
    metric('gauge', 'num_requests_running', 'Requests in the batch.', running),
    metric('gauge', 'num_requests_waiting', 'Requests that wait for a place in it.', waiting),
    metric('gauge', 'kv_cache_usage_perc', 'Use of the KV cache, 1 is all.', contextTokens / (BLOCKS * BLOCK_TOKENS)),
    metric('counter', 'num_preemptions_total', 'Requests that lost their place.', 0),
    metric('counter', 'prefix_cache_queries_total', 'Tokens looked up in the prefix cache.', promptTokens),
    metric('counter', 'prefix_cache_hits_total', 'Tokens found there.', 0),
    metric('counter', 'prompt_tokens_total', 'Prompt tokens.', promptTokens),
    `# HELP vllm:cache_config_info How the cache is set up.\n# TYPE vllm:cache_config_info gauge\nvllm:cache_config_info{${config}} 1\n`,
  ].join('');
}
