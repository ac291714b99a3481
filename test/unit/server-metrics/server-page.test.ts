import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readPrometheus } from '../../../engine/server-metrics/prometheus.js';
import { readServerPage, sumFigures } from '../../../engine/server-metrics/server-page.js';

/** As vLLM writes it, with two engines. */
const PAGE = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="Qwen/Qwen2.5-7B"} 12.0
vllm:num_requests_running{engine="1",model_name="Qwen/Qwen2.5-7B"} 3.0
vllm:num_requests_waiting{engine="0",model_name="Qwen/Qwen2.5-7B"} 4.0
vllm:kv_cache_usage_perc{engine="0",model_name="Qwen/Qwen2.5-7B"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="Qwen/Qwen2.5-7B"} 0.75
vllm:num_preemptions_total{engine="0",model_name="Qwen/Qwen2.5-7B"} 2.0
vllm:num_preemptions_created{engine="0",model_name="Qwen/Qwen2.5-7B"} 1.7e+09
vllm:prefix_cache_queries_total{engine="0",model_name="x"} 1000.0
vllm:prefix_cache_hits_total{engine="0",model_name="x"} 250.0
vllm:generation_tokens_total{engine="0",model_name="x"} 5000.0
vllm:generation_tokens_total{engine="1",model_name="x"} 500.0
vllm:spec_decode_num_draft_tokens_total{engine="0",model_name="x"} 90.0
vllm:spec_decode_num_accepted_tokens_total{engine="0",model_name="x"} 60.0
vllm:cache_config_info{block_size="16",cache_dtype="auto",num_gpu_blocks="8000",engine="0"} 1.0
vllm:time_to_first_token_seconds_bucket{le="+Inf"} 7
`;

describe("Prometheus' text format", () => {
  const rows: readonly (readonly [string, string, object | undefined])[] = [
    ['a bare value', 'x 1', { name: 'x', labels: {}, value: 1 }],
    [
      'labels, a time and blanks',
      'x{a="1", b="2"}  -2.5e3 1700000000',
      { name: 'x', labels: { a: '1', b: '2' }, value: -2500 },
    ],
    [
      'what is escaped, and braces inside',
      String.raw`x{a="q\"\\\n}{,"} 1`,
      { name: 'x', labels: { a: 'q"\\\n}{,' }, value: 1 },
    ],
    ['infinity', 'x{} +Inf', { name: 'x', labels: {}, value: Number.POSITIVE_INFINITY }],
    ['another metric', 'xy 1', undefined],
    ['a comment', '# TYPE x gauge', undefined],
    ['what is no number', 'x NaN', undefined],
    ['what is cut off', 'x{a="1', undefined],
    ['nothing', '', undefined],
  ];
  for (const [what, line, expected] of rows) {
    it(`reads ${what}`, () => {
      assert.deepEqual(readPrometheus(`y 3\n${line}\r\ny 4`, new Set(['x'])), expected === undefined ? [] : [expected]);
    });
  }
});

describe("vLLM's page of metrics", () => {
  it('gives the figures of all engines together, and the set-up of the cache', () => {
    const { known, ...page } = readServerPage(PAGE)!;
    assert.equal(known.server, 'vLLM');
    assert.deepEqual(page, {
      figures: {
        ...{ running: 15, waiting: 4, kvCache: 0.75, preemptions: 2, prefixQueries: 1000, prefixHits: 250 },
        ...{ generationTokens: 5500, draftTokens: 90, acceptedTokens: 60 },
      },
      cacheConfig: { block_size: '16', cache_dtype: 'auto', num_gpu_blocks: '8000', engine: '0' },
    });
  });

  it('is read by its older names as well', () => {
    const old = 'vllm:num_requests_running 1\nvllm:gpu_cache_usage_perc 0.5\nvllm:gpu_prefix_cache_hits_total 3';
    const figures = {
      ...{ running: 1, waiting: 0, kvCache: 0.5, preemptions: null, prefixQueries: null, prefixHits: 3 },
      ...{ generationTokens: null, draftTokens: null, acceptedTokens: null },
    };
    assert.deepEqual(readServerPage(old)?.figures, figures);
  });

  it('is distinguished from other pages', () => {
    for (const text of ['', '<html>', 'go_goroutines 5', '{"vllm:num_requests_running": 1}']) {
      assert.equal(readServerPage(text), undefined);
    }
  });

  it('is summed over several servers, with the fullest cache', () => {
    const { figures } = readServerPage(PAGE)!;
    const other = { ...figures, kvCache: 0.9, preemptions: null };
    const both = {
      ...{ running: 30, waiting: 8, kvCache: 0.9, preemptions: 2, prefixQueries: 2000, prefixHits: 500 },
      ...{ generationTokens: 11_000, draftTokens: 180, acceptedTokens: 120 },
    };
    assert.deepEqual(sumFigures([figures, other]), both);
  });
});

describe('a metrics page of llama.cpp', () => {
  it('has what is running and waiting, and the tokens so far', () => {
    const recorded = new URL('../../../../test/unit/server-metrics/recorded/llama.cpp-b10434.txt', import.meta.url);
    const page = readServerPage(readFileSync(recorded, 'utf8'));
    assert.deepEqual(page?.figures, {
      running: 0,
      waiting: 0,
      kvCache: null,
      preemptions: null,
      prefixQueries: 4855,
      prefixHits: 3673,
      generationTokens: 5803,
      draftTokens: 0,
      acceptedTokens: 0,
    });
  });
});
