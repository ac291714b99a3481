import type { ServerFigures } from '../metrics/server-record.js';

/** Sample that has labels with these values. */
interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Samples of a figure. A name, a sum of several, or those with certain labels. */
export type Source = string | readonly string[] | Labelled;

/** Kind of server, and its names of each figure. */
export interface KnownServer {
  readonly server: string;
  /** Names of each figure. The current one comes first, then those of older versions. */
  readonly names: Readonly<Partial<Record<keyof ServerFigures, readonly Source[]>>>;
  /** True where `running` has the waiting requests in it. */
  readonly isRunningAll?: boolean;
  /** Path and key of its version. */
  readonly version?: readonly [path: string, key: string];
}

/** Requests in Triton's batch manager. */
const triton = (type: string): Labelled => ({ name: 'nv_trt_llm_request_metrics', labels: { request_type: type } });

/**
 * Servers whose metrics are known. A page is of the first whose names it has, so engines come before gateways, which
 * may pass an engine's metrics on.
 */
export const SERVERS: readonly KnownServer[] = [
  {
    server: 'vLLM',
    version: ['/version', 'version'],
    names: {
      running: ['vllm:num_requests_running'],
      waiting: ['vllm:num_requests_waiting'],
      kvCache: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
      preemptions: ['vllm:num_preemptions_total', 'vllm:num_preemptions'],
      prefixQueries: [
        'vllm:prefix_cache_queries_total',
        'vllm:prefix_cache_queries',
        'vllm:gpu_prefix_cache_queries_total',
      ],
      prefixHits: ['vllm:prefix_cache_hits_total', 'vllm:prefix_cache_hits', 'vllm:gpu_prefix_cache_hits_total'],
      generationTokens: ['vllm:generation_tokens_total', 'vllm:generation_tokens'],
      draftTokens: ['vllm:spec_decode_num_draft_tokens_total', 'vllm:spec_decode_num_draft_tokens'],
      acceptedTokens: ['vllm:spec_decode_num_accepted_tokens_total', 'vllm:spec_decode_num_accepted_tokens'],
    },
  },
  {
    server: 'SGLang',
    version: ['/get_server_info', 'version'],
    names: {
      running: ['sglang:num_running_reqs'],
      waiting: ['sglang:num_queue_reqs'],
      kvCache: ['sglang:token_usage'],
      preemptions: ['sglang:num_retracted_requests_total', 'sglang:num_retractions_sum'],
      prefixQueries: ['sglang:prompt_tokens_total'],
      prefixHits: ['sglang:cached_tokens_total'],
      generationTokens: ['sglang:generation_tokens_total'],
    },
  },
  {
    server: 'TensorRT-LLM',
    version: ['/version', 'version'],
    names: {
      running: ['trtllm_num_requests_running'],
      waiting: ['trtllm_num_requests_waiting'],
      kvCache: ['trtllm_kv_cache_utilization'],
      prefixQueries: [['trtllm_kv_cache_reused_blocks_total', 'trtllm_kv_cache_missed_blocks_total']],
      prefixHits: ['trtllm_kv_cache_reused_blocks_total'],
      generationTokens: ['trtllm_generation_tokens_total'],
      draftTokens: ['trtllm_spec_decode_num_draft_tokens_total'],
      acceptedTokens: ['trtllm_spec_decode_num_accepted_tokens_total'],
    },
  },
  {
    server: 'Triton with TensorRT-LLM',
    names: {
      running: [triton('scheduled')],
      waiting: [triton('waiting')],
      kvCache: [{ name: 'nv_trt_llm_kv_cache_block_metrics', labels: { kv_cache_block_type: 'fraction' } }],
    },
  },
  {
    server: 'TGI',
    version: ['/info', 'version'],
    names: {
      running: ['tgi_batch_current_size'],
      waiting: ['tgi_queue_size'],
      generationTokens: ['tgi_request_generated_tokens_sum'],
    },
  },
  {
    server: 'llama.cpp',
    version: ['/props', 'build_info'],
    names: {
      running: ['llamacpp:requests_processing'],
      waiting: ['llamacpp:requests_deferred'],
      kvCache: ['llamacpp:kv_cache_usage_ratio'],
      // What was computed, and what was not.
      prefixQueries: [['llamacpp:prompt_tokens_total', 'llamacpp:prompt_tokens_cached_total']],
      prefixHits: ['llamacpp:prompt_tokens_cached_total'],
      generationTokens: ['llamacpp:tokens_predicted_total'],
      draftTokens: ['llamacpp:spec_decode_num_draft_tokens_total', 'llamacpp:tokens_drafted_total'],
      acceptedTokens: ['llamacpp:spec_decode_num_accepted_tokens_total', 'llamacpp:tokens_drafted_accepted_total'],
    },
  },
  {
    server: 'Dynamo',
    isRunningAll: true,
    names: {
      running: ['dynamo_frontend_inflight_requests', 'nv_llm_http_service_inflight_requests'],
      waiting: ['dynamo_frontend_queued_requests'],
      kvCache: ['dynamo_component_kvstats_gpu_cache_usage_percent'],
      prefixQueries: ['dynamo_frontend_input_sequence_tokens_sum'],
      prefixHits: ['dynamo_frontend_cached_tokens_sum'],
      generationTokens: ['dynamo_frontend_output_tokens_total', 'dynamo_frontend_output_sequence_tokens_sum'],
    },
  },
  {
    server: 'llm-d',
    names: {
      running: ['inference_objective_running_requests', 'inference_model_running_requests'],
      waiting: ['inference_pool_per_pod_queue_size', 'inference_pool_average_queue_size'],
      kvCache: ['llm_d_epp_average_kv_cache_utilization', 'inference_pool_average_kv_cache_utilization'],
    },
  },
  {
    server: 'LiteLLM',
    version: ['/health/readiness', 'litellm_version'],
    names: {
      running: ['litellm_in_flight_requests'],
      generationTokens: ['litellm_output_tokens_metric_total', 'litellm_output_tokens_metric'],
    },
  },
];
