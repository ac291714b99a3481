import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerFigures } from '../../../engine/metrics/server-record.js';
import { readServerPage } from '../../../engine/server-metrics/server-page.js';
import { SERVERS } from '../../../engine/server-metrics/servers.js';
import { rowsBelow } from '../../support/page.js';

function recorded(name: string): string {
  return readFileSync(new URL(`../../../../test/unit/server-metrics/recorded/${name}.txt`, import.meta.url), 'utf8');
}

const NONE: ServerFigures = {
  ...{ running: 0, waiting: 0, kvCache: null, preemptions: null, prefixQueries: null, prefixHits: null },
  ...{ generationTokens: null, draftTokens: null, acceptedTokens: null },
};

/** Pages of servers. Written by their own code, or with the names of source or documentation. */
const PAGES: readonly (readonly [server: string, of: string, page: string, figures: Partial<ServerFigures>])[] = [
  [
    'SGLang',
    '0.5.5, by its own collector',
    recorded('sglang-0.5.5'),
    {
      ...{ running: 12, waiting: 3, kvCache: 0.28, preemptions: 0, prefixQueries: 1000, prefixHits: 310 },
      generationTokens: 200,
    },
  ],
  [
    'SGLang',
    'with all ranks, two replicas and priorities',
    `sglang:num_running_reqs{dp_rank="0",priority="",tp_rank="0"} 4.0
sglang:num_running_reqs{dp_rank="0",priority="",tp_rank="1"} 4.0
sglang:num_running_reqs{dp_rank="0",priority="1",tp_rank="0"} 3.0
sglang:num_running_reqs{dp_rank="1",priority="",tp_rank="0"} 2.0
sglang:num_queue_reqs{dp_rank="0",tp_rank="0"} 5.0
sglang:num_retracted_requests_total{tp_rank="0"} 7.0`,
    { running: 6, waiting: 5, preemptions: 7 },
  ],
  [
    'TensorRT-LLM',
    'trtllm-serve at commit 050f80d, names of its collector',
    `trtllm_num_requests_running{engine_type="trtllm",model_name="llama-8b"} 12.0
trtllm_num_requests_waiting{engine_type="trtllm",model_name="llama-8b"} 5.0
trtllm_kv_cache_utilization{engine_type="trtllm",model_name="llama-8b"} 0.62
trtllm_kv_cache_reused_blocks_total{engine_type="trtllm",model_name="llama-8b"} 30.0
trtllm_kv_cache_missed_blocks_total{engine_type="trtllm",model_name="llama-8b"} 90.0
trtllm_generation_tokens_total{engine_type="trtllm",model_name="llama-8b"} 4000.0`,
    {
      ...{ running: 12, waiting: 5, kvCache: 0.62, prefixQueries: 120, prefixHits: 30 },
      generationTokens: 4000,
    },
  ],
  [
    'Triton with TensorRT-LLM',
    'as its backend documents it since 23.11',
    `nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="waiting",version="1"} 3
nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="context",version="1"} 1
nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="scheduled",version="1"} 4
nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="max",version="1"} 512
nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",model="tensorrt_llm",version="1"} 2000
nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="tensorrt_llm",version="1"} 0.6`,
    { running: 4, waiting: 3, kvCache: 0.6 },
  ],
  [
    'TGI',
    '3, names of its router',
    `# TYPE tgi_request_generated_tokens histogram
tgi_request_generated_tokens_bucket{le="+Inf"} 150
tgi_request_generated_tokens_sum 12500
tgi_request_generated_tokens_count 150
tgi_queue_size 7
tgi_batch_current_size 4`,
    { running: 4, waiting: 7, generationTokens: 12_500 },
  ],
  [
    'llama.cpp',
    'before its cache was unified',
    'llamacpp:kv_cache_usage_ratio 0.5\nllamacpp:requests_processing 2\nllamacpp:tokens_predicted_total 20',
    { running: 2, kvCache: 0.5, generationTokens: 20 },
  ],
  [
    'Dynamo',
    'its frontend, names of its documentation',
    `dynamo_frontend_inflight_requests{model="Qwen/Qwen3-0.6B"} 12
dynamo_frontend_queued_requests{model="Qwen/Qwen3-0.6B"} 5
dynamo_frontend_input_sequence_tokens_sum{model="Qwen/Qwen3-0.6B"} 800
dynamo_frontend_cached_tokens_sum{model="Qwen/Qwen3-0.6B"} 200
dynamo_frontend_output_tokens_total{model="Qwen/Qwen3-0.6B"} 9000`,
    { running: 7, waiting: 5, prefixQueries: 800, prefixHits: 200, generationTokens: 9000 },
  ],
  [
    'llm-d',
    'an endpoint picker with three pods',
    `inference_objective_running_requests{model_name="m"} 9
inference_pool_average_kv_cache_utilization{name="sim"} 0.4
inference_pool_average_queue_size{name="sim"} 1
inference_pool_per_pod_queue_size{model_server_pod="a",name="sim"} 2
inference_pool_per_pod_queue_size{model_server_pod="b",name="sim"} 1
inference_pool_ready_pods{name="sim"} 3`,
    { running: 9, waiting: 3, kvCache: 0.4 },
  ],
  [
    'LiteLLM',
    'names of its callback',
    'litellm_in_flight_requests 8.0\nlitellm_output_tokens_metric_total{model="gpt",user="a"} 5\n' +
      'litellm_output_tokens_metric_total{model="gpt",user="b"} 6',
    { running: 8, generationTokens: 11 },
  ],
];

describe('a page of metrics', () => {
  for (const [server, of, page, figures] of PAGES) {
    it(`of ${server}, ${of}, is read`, () => {
      const read = readServerPage(page);
      assert.equal(read?.known.server, server);
      assert.deepEqual(read?.figures, { ...NONE, ...figures });
    });
  }

  it('of every known server has a row in docs/dashboard.md, with what it reports', () => {
    const figures = ['running', 'waiting', 'kvCache', 'prefixHits', 'preemptions', 'acceptedTokens'] as const;
    assert.deepEqual(
      rowsBelow('dashboard.md', '## The server'),
      SERVERS.map(({ server, names }) => [server, ...figures.map((figure) => (names[figure] ? '✓' : ''))]),
    );
  });
});
