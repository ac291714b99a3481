import type { PacerLoad } from '../scheduler/pacer.js';

/** Media type of Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Configuration of a key-value cache. */
export interface CacheConfig {
  readonly blocks: number;
  /** Tokens in a block. */
  readonly blockSize: number;
  readonly dtype: 'auto' | 'fp8';
  readonly prefixCaching: boolean;
  /** Share of the cards' memory that the engine may use. Undefined without a card. */
  readonly gpuMemoryUtilization?: number;
}

/** Page of `/metrics` as vLLM writes it, with the simulator's metrics only. */
export function metricsPage(model: string, load: PacerLoad, cache: CacheConfig): string {
  const labels = `engine="0",model_name="${model.replace(/[\\"]/g, '\\$&')}"`;
  const metric = (type: 'gauge' | 'counter', name: string, meaning: string, value: number) =>
    `# HELP vllm:${name} ${meaning}\n# TYPE vllm:${name} ${type}\nvllm:${name}{${labels}} ${value}\n`;
  const { drafted } = load;
  const { blocks, blockSize, dtype, prefixCaching, gpuMemoryUtilization } = cache;
  const config = [
    `block_size="${blockSize}",num_gpu_blocks="${blocks}",cache_dtype="${dtype}"`,
    `enable_prefix_caching="${prefixCaching ? 'True' : 'False'}"`,
    ...(gpuMemoryUtilization === undefined ? [] : [`gpu_memory_utilization="${gpuMemoryUtilization}"`]),
    'engine="0"',
  ].join(',');
  return [
    metric('gauge', 'num_requests_running', 'Requests in the batch.', load.running),
    metric('gauge', 'num_requests_waiting', 'Requests that wait.', load.waiting),
    metric('gauge', 'kv_cache_usage_perc', 'Use of the KV cache, 1 is all.', load.cacheUsage),
    metric('counter', 'num_preemptions_total', 'Preemptions.', load.preemptions),
    metric('counter', 'prefix_cache_queries_total', 'Tokens looked up in the prefix cache.', load.prefixQueries),
    metric('counter', 'prefix_cache_hits_total', 'Tokens found there.', load.prefixHits),
    metric('counter', 'prompt_tokens_total', 'Prompt tokens.', load.promptTokens),
    metric('counter', 'generation_tokens_total', 'Tokens of answers.', load.generationTokens),
    ...(drafted
      ? [
          metric('counter', 'spec_decode_num_drafts_total', 'Drafts that were checked.', drafted.drafts),
          metric('counter', 'spec_decode_num_draft_tokens_total', 'Tokens in drafts.', drafted.draftTokens),
          metric('counter', 'spec_decode_num_accepted_tokens_total', 'Accepted tokens.', drafted.acceptedTokens),
        ]
      : []),
    `# HELP vllm:cache_config_info How the cache is set up.\n# TYPE vllm:cache_config_info gauge\nvllm:cache_config_info{${config}} 1\n`,
  ].join('');
}
